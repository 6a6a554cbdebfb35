"""Pictures, drawn anew: the pixels alone are kept, and neither a place nor a camera nor anything else that the file said."""

import io

from chain.base.errors import RuleBroken
from chain.base.locale import _

MOST_PIXELS = 50_000_000  # a large camera's; 200 MB in memory
FORMS = ("PNG", "JPEG", "WEBP")


def harmless(name: str, data: bytes) -> bytes:
    """The picture drawn anew in its own form, turned as it was meant to be seen. RuleBroken where it cannot be read."""
    from PIL import Image, ImageOps  # here: it is needed by no other page

    try:
        with Image.open(io.BytesIO(data), formats=FORMS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise _too_many(name)
            form = str(found.format)
            found.load()
            turned = ImageOps.exif_transpose(found)
            shown = turned.convert(_mode(turned.mode, form))
            bare = Image.frombytes(shown.mode, shown.size, shown.tobytes())
            made = io.BytesIO()
            bare.save(made, form, **({"quality": 90} if form != "PNG" else {}))
    except RuleBroken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many(name) from error
    except Exception as error:  # whatever the decoder says of a picture that is not one
        raise RuleBroken(_("%(file)s går inte att läsa som bild: filen är skadad. Spara den på nytt.", file=name)) from error
    return made.getvalue()


def _too_many(name: str) -> RuleBroken:
    return RuleBroken(_("%(file)s har för många bildpunkter. Förminska bilden och försök igen.", file=name))


def _mode(mode: str, form: str) -> str:
    """The kind of pixels to draw it with: with transparency where there may be some, never with a palette or a printer's inks."""
    if form == "JPEG":
        return "L" if mode == "L" else "RGB"
    return mode if mode in ("L", "RGB") else "RGBA"
