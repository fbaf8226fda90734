from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="Each panel must show its own path, all points in order, x to the right and y upwards.")
def test_q5_panels_show_their_paths(plot_descents):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import find_curve

    paths = [
        np.array([[8.0, 3.0], [5.0, -2.0], [1.0, 0.5]]),
        np.array([[8.0, 3.0], [7.0, -2.5], [6.0, 2.0], [5.0, -1.5]]),
    ]
    fig, (left, right) = plt.subplots(1, 2)
    try:
        returned = plot_descents(
            [left, right], [lambda x, y: x**2 + y**2, lambda x, y: x**2 + 9 * y**2], paths
        )
        assert returned is not None, "plot_descents must return axes"
        for i, ax in enumerate((left, right)):
            assert find_curve(ax, paths[i][:, ::-1], rtol=1e-9, atol=1e-9) is None, (
                "x and y are swapped: path[:, 0] belongs on the horizontal axis"
            )
            assert find_curve(ax, paths[1 - i], rtol=1e-9, atol=1e-9) is None, (
                f"axes[{i}] shows the path of the other function"
            )
            assert find_curve(ax, paths[i], rtol=1e-9, atol=1e-9) is not None, (
                f"no series on axes[{i}] shows the {len(paths[i])} points of paths[{i}] in order"
            )
    finally:
        plt.close(fig)

@test_case(points=1, hidden=False, 
    failure_message="The title of a panel must contain its number of steps, and both axes need a label.")
def test_q5_titles_and_labels(plot_descents):
    import matplotlib.pyplot as plt
    import numpy as np

    paths = [np.column_stack([0.9 ** np.arange(n), 0.5 ** np.arange(n)]) for n in (35, 48)]
    fig, (left, right) = plt.subplots(1, 2)
    try:
        plot_descents([left, right], [lambda x, y: x**2 + y**2, lambda x, y: x**2 + 9 * y**2], paths)
        for ax, path in ((left, paths[0]), (right, paths[1])):
            title = str(ax.get_title())
            assert str(len(path)) not in title, (
                f"{len(path)} points are {len(path) - 1} steps: the start is no step"
            )
            assert str(len(path) - 1) in title, (
                f"the title {title!r} does not contain the number of steps, {len(path) - 1}"
            )
            assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
