"""The Firehose streams that stages name as access-log destination (firehose:DescribeDeliveryStream)."""

from auditor.collect.gateway.wire import LOG_DESTINATION
from auditor.collect.interface import Caller, Collector, Operation, Reach

STREAM = Operation(
    service="firehose",
    name="DescribeDeliveryStream",
    action="firehose:DescribeDeliveryStream",
    resource="arn:{partition}:firehose:{region}:{account}:deliverystream/{DeliveryStreamName}",
    required=("DeliveryStreamDescription",),
    per=("Stage",),
    # That a stream does not exist is an answer: the destination is gone.
    tolerated=("ResourceNotFoundException",),
)


def _collect(call: Caller) -> None:
    here = f"arn:{call.partition}:firehose:{call.region}:{call.account}:deliverystream/"
    for _, arn in call.follow(LOG_DESTINATION):
        if arn.startswith(here):
            call(STREAM, arn, DeliveryStreamName=arn.removeprefix(here))


COLLECTOR = Collector(
    service="firehose", reach=Reach.REGIONAL, operations=(STREAM,), collect=_collect, beside=("apigateway",)
)
