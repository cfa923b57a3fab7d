"""What Pillow raises for a file that is no picture, or unfolds into too much of one."""

from PIL import Image, UnidentifiedImageError

#: `DecompressionBombWarning` is raised only where warnings are made errors.
NOT_A_PICTURE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)
