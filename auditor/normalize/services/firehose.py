"""Streams that exist: firehose:DescribeDeliveryStream to DeliveryStream."""

from auditor.model.fact import NotApplicable
from auditor.model.logs import DeliveryStream
from auditor.model.resource import Listing
from auditor.normalize.facts import Members
from auditor.normalize.interface import Normalizer
from auditor.normalize.reading import Reading

_STREAM = "firehose:DescribeDeliveryStream"
_NO_TAGS = NotApplicable(why="tags of log destinations are not read")


def normalize(read: Reading) -> None:
    """Add the streams that exist, and a listing for each that was asked for: an empty one where it does not."""
    prefix = f"arn:{read.partition}:firehose:{read.key.region}:{read.key.account}:deliverystream/"
    for each in read.reads(_STREAM):
        name = str(each.page.parameters.get("DeliveryStreamName", ""))
        about = Members(read, _STREAM, prefix + name, each.body.get("DeliveryStreamDescription"))
        stream = DeliveryStream(
            arn=prefix + name,
            account=read.key.account,
            region=read.key.region,
            name=name,
            tags=_NO_TAGS,
            status=about.text("DeliveryStreamStatus"),
        )
        read.add(stream, [each.page.sha256])
        read.listings.append(_asked(read, prefix + name, 1, (each.page.sha256,)))
    for page in read.refusals:
        if page.operation == _STREAM:
            name = str(page.parameters.get("DeliveryStreamName", ""))
            read.listings.append(_asked(read, prefix + name, 0, (page.sha256,)))
    for gap in read.gaps:
        if gap.operation == _STREAM:
            read.listings.append(_asked(read, gap.resource, 0, ()))


def _asked(read: Reading, parent: str | None, count: int, pages: tuple[str, ...]) -> Listing:
    return Listing(
        kind="DeliveryStream",
        account=read.key.account,
        region=read.key.region,
        parent=parent,
        operation=_STREAM,
        count=count,
        complete=read.gap(_STREAM, parent) is None,
        pages=pages,
    )


NORMALIZER = Normalizer("firehose", normalize)
