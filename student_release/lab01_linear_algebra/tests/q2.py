from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="An arrow is missing or ends in the wrong place: x, y and the shadow all start at the origin.")
def test_q2_three_arrows(plot_shadow):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves, find_curve

    fig, ax = plt.subplots()

    def drawn(tip):
        segment = np.array([[0.0, 0.0], tip])
        return any(find_curve(ax, s, rtol=0, atol=1e-9) is not None for s in (segment, segment[::-1]))

    try:
        returned = plot_shadow(ax, [2, 3], [4, 0])
        assert returned is not None, "plot_shadow must return ax"
        assert curves(ax), "nothing has been drawn on ax"
        for name, tip in (("x", [2, 3]), ("y", [4, 0])):
            assert drawn(tip), f"no line or arrow goes from the origin to {name} = {tip}"
        assert not drawn([32, 0]), "your shadow ends at (32, 0): it still contains the length of y twice"
        assert not drawn([8, 0]), "your shadow ends at (8, 0): it still contains the length of y once"
        assert not drawn(8 / 13 * np.array([2.0, 3.0])), (
            "this is the shadow of y on x; wanted is that of x on y"
        )
        assert drawn([2, 0]), "no line or arrow goes from the origin to the shadow's tip, (2, 0)"
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="Legend, title or equal scales are missing.")
def test_q2_labels_and_scales(plot_shadow):
    import matplotlib.pyplot as plt
    from plotted import has_equal_aspect, legend_labels

    fig, ax = plt.subplots()
    try:
        plot_shadow(ax, [1.5, 1.0], [0.5, 2.5])
        shown = sorted(legend_labels(ax))
        assert shown == ["shadow", "x", "y"], f"the legend shows {shown}, expected x, y and shadow"
        assert "3.25" in ax.get_title(), (
            f"the title is {ax.get_title()!r}: it must contain the dot product with two decimals, here 3.25"
        )
        assert has_equal_aspect(ax), "one unit must be as long on both axes: ax.set_aspect with equal"
    finally:
        plt.close(fig)
