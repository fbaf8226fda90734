"""Read back what a plot shows, whichever matplotlib call drew it.

Tests of plotting questions judge the data in the picture, so `plot`, `scatter`, `semilogy`, `loglog`,
`errorbar`, `quiver`, `hlines` and one call per point all count. Everything here goes through matplotlib's
getters and plain attributes, and never compares, converts or calculates with an artist, so that the artists
may live in another process.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Curve:
    """One drawn series: its label ('' when it has none) and its points, shape (n, 2), in drawing order."""

    label: str
    xy: np.ndarray


def curves(ax):
    """List every series on `ax` as a `Curve`: lines first, then scatter points, arrows and `hlines`.

    Series of a single point are also offered joined, in drawing order: all of them, and those of each colour.
    """
    found = [Curve(_label(line), _points(line.get_xydata())) for line in ax.get_lines()]
    colours = [str(line.get_color()) for line in ax.get_lines()]
    for collection in ax.collections:
        xy = _collection_points(collection)
        for series in _horizontal_segments(collection) if xy is None else [xy]:
            found.append(Curve(_label(collection), series))
            colours.append(str(collection.get_facecolor()))
    return found + _joined_single_points(found, colours)


def find_curve(ax, xy, *, rtol, atol):
    """Return the drawn `Curve` whose points are those of `xy`, shape (n, 2), in the same order, else None."""
    xy = np.asarray(xy, dtype=float)
    for curve in curves(ax):
        if curve.xy.shape == xy.shape and np.allclose(curve.xy, xy, rtol=rtol, atol=atol):
            return curve
    return None


def log10_curves(ax, *, x_log=False, y_log=True):
    """List the series with log10 applied to the coordinates named, whether the axis or the author took the log.

    On a logarithmic axis the data are raw, so log10 is taken here; on a linear axis they are taken to be log10
    already. Points without a logarithm (zero, negative) are dropped.
    """
    take_log = (x_log and ax.get_xscale() == "log", y_log and ax.get_yscale() == "log")
    result = []
    for curve in curves(ax):
        xy = curve.xy.copy()
        for column in range(2):
            if take_log[column]:
                positive = xy[:, column] > 0
                xy = xy[positive]
                xy[:, column] = np.log10(xy[:, column])
        result.append(Curve(curve.label, xy))
    return result


def slope(xy):
    """Least-squares slope of the points `xy`, shape (n, 2)."""
    return float(np.polyfit(xy[:, 0], xy[:, 1], 1)[0])


def legend_labels(ax):
    """Texts of the legend from top to bottom; empty without a legend."""
    legend = ax.get_legend()
    return [] if legend is None else [str(text.get_text()) for text in legend.get_texts()]


def has_equal_aspect(ax):
    """Whether one unit is as long on the x axis as on the y axis."""
    return ax.get_aspect() in ("equal", 1.0)


def contour_lines(ax):
    """Vertices, shape (n, 2), of every contour line (or filled band) on `ax`, one array per level."""
    lines = []
    for collection in ax.collections:
        if _attribute(collection, "levels") is None:
            continue
        paths = [_points(path.vertices) for path in collection.get_paths()]
        lines.extend(vertices for vertices in paths if len(vertices) >= 8)
    return lines


def contour_error(ax, f):
    """How far the contour lines on `ax` are from level sets of `f(x, y)`: 0 is perfect, inf if there are none.

    A line of a level set has one value of f and a filled band has two, apart from the edge of the grid. The
    median over all lines of what remains after that is returned, relative to the range of f over all of them.
    """
    lines = contour_lines(ax)
    if not lines:
        return np.inf
    everything = np.vstack(lines)
    low, high = everything.min(axis=0), everything.max(axis=0)
    edge = 1e-9 * (high - low)  # vertices on the edge of the grid may differ in their last bit
    inside = [xy[np.all((xy > low + edge) & (xy < high - edge), axis=1)] for xy in lines]
    values = [np.sort(np.asarray(f(xy[:, 0], xy[:, 1]), dtype=float)) for xy in inside if len(xy) > 1]
    if not values:
        return np.inf
    everything = np.concatenate(values)
    x, y = np.meshgrid(*np.linspace(low, high, 25).T)  # one line alone has no range of its own
    reach = max(np.ptp(everything), np.ptp(np.asarray(f(x, y), dtype=float)))
    return float(np.median([_spread_around_two_values(v) for v in values]) / reach)


def circle_radii(ax):
    """Radii of the circles around the origin on `ax`, smallest first: lines, patches and contour lines alike.

    Arcs that share a radius count as one circle if together they leave no gap wider than 0.6 radians.
    """
    radii = [_patch_radius(patch) for patch in ax.patches]
    rings = []
    for xy in [curve.xy for curve in curves(ax)] + contour_lines(ax):
        distance = np.hypot(xy[:, 0], xy[:, 1])
        radius = distance.mean()
        if len(xy) >= 8 and radius > 0 and np.abs(distance - radius).max() <= 0.01 * radius:
            rings.append((radius, np.arctan2(xy[:, 1], xy[:, 0])))
    for radius, _ in rings:
        angles = np.sort(np.concatenate([a for r, a in rings if abs(r - radius) <= 0.01 * radius]))
        if np.diff(angles, append=angles[0] + 2 * np.pi).max() <= 0.6:
            radii.append(radius)
    return sorted(float(radius) for radius in radii if radius is not None)


def _patch_radius(patch):
    """Radius of a circle (or an ellipse with equal axes) around the origin, else None."""
    centre, width, height = (_attribute(patch, f"get_{name}") for name in ("center", "width", "height"))
    if centre is None or width is None or height is None:
        return None
    width, height, (x, y) = abs(float(width())), abs(float(height())), centre()
    round_and_centred = abs(width - height) <= 0.02 * width and np.hypot(x, y) <= 0.01 * width
    return width / 2 if round_and_centred else None


def _spread_around_two_values(ordered):
    gaps = np.diff(ordered)
    cut = int(np.argmax(gaps)) + 1
    return max(np.ptp(ordered[:cut]), np.ptp(ordered[cut:]))


def _collection_points(collection):
    """Points of a scatter, or of arrows laid end to end; None for any other collection."""
    u, v = _attribute(collection, "U"), _attribute(collection, "V")
    if u is not None and v is not None:
        tails = _points(collection.get_offsets())
        tip = tails[-1:] + np.array([[np.ravel(u)[-1], np.ravel(v)[-1]]], dtype=float)
        return np.vstack([tails, tip])
    get_sizes = _attribute(collection, "get_sizes")
    if get_sizes is None or len(get_sizes()) == 0:
        return None
    return _points(collection.get_offsets())


def _horizontal_segments(collection):
    """Lines of `hlines`, each of two points; none for any other collection, such as the bars of `errorbar`."""
    get_segments = _attribute(collection, "get_segments")
    segments = [] if get_segments is None else [_points(ends) for ends in get_segments()]
    return [xy for xy in segments if len(xy) == 2 and xy[0, 1] == xy[1, 1] and xy[0, 0] != xy[1, 0]]


def _joined_single_points(found, colours):
    singles = [(curve, colour) for curve, colour in zip(found, colours, strict=True) if len(curve.xy) == 1]
    if len(singles) < 2:
        return []
    groups = [[curve for curve, _ in singles]]
    for wanted in dict.fromkeys(colour for _, colour in singles):
        groups.append([curve for curve, colour in singles if colour == wanted])
    labels = [next((curve.label for curve in group if curve.label), "") for group in groups]
    return [
        Curve(label, np.vstack([curve.xy for curve in group]))
        for label, group in zip(labels, groups, strict=True)
    ]


def _points(values):
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan).reshape(-1, 2)


def _label(artist):
    """Label given by the author; matplotlib's own ones start with an underscore."""
    label = str(artist.get_label())
    return "" if label.startswith("_") or label == "None" else label


def _attribute(artist, name):
    try:
        return getattr(artist, name)
    except AttributeError:
        return None
