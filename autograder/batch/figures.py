"""Checks a picture from a notebook's output: a PNG or JPEG of sane size, made smaller where it is large."""

from __future__ import annotations

import base64
import binascii
import io
import warnings

from PIL import Image

_MAX_ENCODED = 8 << 20
_MAX_PIXELS = 16_000_000
_MAX_SIDE = 8_000
_WANTED_BYTES = 48_000
_WIDTH = 900
_COLOURS = 64
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}


def picture(encoded: str, kind: str) -> bytes | None:
    """Decode a picture and check it.

    Parameters
    ----------
    encoded
        Base64, perhaps with line breaks.
    kind
        ``image/png`` or ``image/jpeg``; anything else inside is refused.

    Returns
    -------
    bytes or None
        A PNG that passed Pillow's check as it is, if it is small; else written anew. None if it is no such
        picture, or has more than 16 million pixels.
    """
    if len(encoded) > _MAX_ENCODED:
        return None
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=(_FORMATS[kind],)) as image:
                if max(image.size) > _MAX_SIDE or image.width * image.height > _MAX_PIXELS:
                    return None
                if kind == "image/jpeg":
                    return _again(image, "JPEG")
                if len(data) > _WANTED_BYTES:
                    return _again(image, "PNG")
                image.verify()
                return data
    except (OSError, ValueError, SyntaxError, KeyError, EOFError, Warning, binascii.Error, MemoryError):
        return None
    except Exception:  # whatever else a decoder makes of hostile bytes, it is no picture
        return None


def _again(image: Image.Image, form: str) -> bytes:
    """The picture written anew, about as wide as the page; figures need few colours."""
    small = image.convert("RGBA").reduce(max(1, round(image.width / _WIDTH), image.height // (2 * _WIDTH)))
    flat = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("RGB")
    out = io.BytesIO()
    if form == "JPEG":
        flat.save(out, form, quality=75)
    else:
        flat.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, form)
    return out.getvalue()
