from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = 4

@test_case(points=1, hidden=False, 
    failure_message="A curvature of the chapter's Hessian is wrong: v H v, divided by v v.")
def test_q9_curvature_of_the_chapter(curvature):
    import numpy as np

    H = np.array([[2.0, 4.0], [4.0, 2.0]])
    for v, want in (([1.0, 0.0], 2.0), ([1.0, 1.0], 6.0), ([1.0, -1.0], -2.0), ([0.0, 5.0], 2.0)):
        v = np.array(v)
        got = curvature(H, v)
        assert got is not None, "curvature returned None: is a return missing?"
        assert np.shape(got) == (), f"one number is wanted, but the shape is {np.shape(got)}"
        assert not (v @ v > 1 and np.isclose(got, want * (v @ v), rtol=1e-9, atol=0)), (
            f"v H v = {v @ H @ v:g} for v = {v.tolist()} still depends on the length of v: divide by v v"
        )
        assert not (v @ v > 1 and np.isclose(got, want * np.sqrt(v @ v), rtol=1e-9, atol=0)), (
            "divide by the square of the length: v occurs twice in v H v"
        )
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=0, err_msg=f"curvature along {v.tolist()}")

@test_case(points=1, hidden=False, 
    failure_message="The picture for the chapter's Hessian is wrong: curvature against degrees, a line at each eigenvalue, labelled axes.")
def test_q9_picture_of_the_chapter(plot_curvature):
    import matplotlib.pyplot as plt
    import numpy as np
    from plotted import curves

    fig, ax = plt.subplots()
    try:
        returned = plot_curvature(ax, np.array([[2.0, 4.0], [4.0, 2.0]]))
        assert returned is not None, "plot_curvature must return ax"
        long = [curve.xy for curve in curves(ax) if len(curve.xy) >= 73 and np.ptp(curve.xy[:, 1]) > 0]
        assert long, "there is no curve with at least 73 points, apart from horizontal lines"
        xy = long[0]
        assert xy[:, 0].max() > 6.3, "the angle goes to 6.28 only: show degrees, not radians"
        assert abs(xy[:, 0].min()) < 1e-6 and abs(xy[:, 0].max() - 360) < 1e-6, "show angles from 0 to 360"
        want = 2 + 4 * np.sin(np.radians(2 * xy[:, 0]))
        assert not np.allclose(xy[:, 1], 2 + 4 * np.sin(2 * xy[:, 0]), rtol=0, atol=1e-6), (
            "cos and sin of NumPy want radians: np.radians"
        )
        np.testing.assert_allclose(xy[:, 1], want, rtol=0, atol=1e-9, err_msg="curvature against degrees")
        flat = [curve.xy[0, 1] for curve in curves(ax) if len(curve.xy) > 1 and np.ptp(curve.xy[:, 1]) == 0]
        for eigenvalue in (-2.0, 6.0):
            assert np.isclose(flat, eigenvalue, rtol=0, atol=1e-9).any(), (
                f"there is no horizontal line at the eigenvalue {eigenvalue:g}"
            )
        assert ax.get_xlabel() and ax.get_ylabel(), "an axis has no label: ax.set_xlabel, ax.set_ylabel"
    finally:
        plt.close(fig)
