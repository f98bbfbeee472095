"""Write every generated page and schema anew: python -m tests.docs."""

from tests.docs.test_pages import REPOSITORY, write_pages
from tests.docs.test_schemas import write_schemas

write_pages(REPOSITORY)
write_schemas()
