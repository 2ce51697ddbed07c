"""Hide what is not the author's own prose, character for character, so that offsets stay true."""

import re

from postmortems.language.mask_blocks import BLOCK, mask_blocks
from postmortems.language.mask_elements import mask_elements
from postmortems.language.mask_inline import mask_inline

_PARAGRAPH = re.compile(f"[^{BLOCK}]+")


def mask(text: str) -> str:
    """The Markdown `text`, equally long, without code, quotations, links, logs and chat.

    What is hidden inside a sentence becomes `INLINE` characters, which read as the name of a thing;
    whole lines and markers become `BLOCK` characters, which end a sentence.
    """
    return _PARAGRAPH.sub(lambda found: mask_inline(found.group()), mask_elements(mask_blocks(text)))
