from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = 5

@test_case(points=1, hidden=False, 
    failure_message="The distillation loss of one example is wrong: see the four calls above, and what the reduction divides by.")
def test_q7_loss_of_the_example(distillation_loss):
    import numpy as np
    import torch

    teacher = torch.log(torch.tensor([[0.7, 0.2, 0.1]], dtype=torch.float64))
    student = torch.log(torch.tensor([[0.5, 0.3, 0.2]], dtype=torch.float64))
    got = distillation_loss(student, teacher, 1.0)
    assert got is not None and len(got) == 2, f"a pair (loss, gradient) is wanted, got {got!r}"
    loss = float(got[0])
    assert not np.isclose(loss, 0.0920328, rtol=1e-5, atol=0), (
        "this is KL(student || teacher): which argument is the target?"
    )
    assert not np.isclose(loss, 0.0851228 / 3, rtol=1e-5, atol=0), (
        "this is a third of the divergence: the reduction divided by the number of classes too"
    )
    assert loss > 0, (
        f"the loss is {loss}, but KL is never negative: kl_div wants its first argument in log space"
    )
    np.testing.assert_allclose(
        loss, 0.0851228259572216, rtol=1e-9, atol=0, err_msg="T = 1: KL of the chapter's p and q"
    )
    loss = float(distillation_loss(student, teacher, 2.0)[0])
    assert not np.isclose(loss, 0.0245743, rtol=1e-5, atol=0), "T = 2: the factor T squared is missing"
    assert not np.isclose(loss, 0.0491486, rtol=1e-5, atol=0), "T = 2: the factor is T squared, not T"
    np.testing.assert_allclose(
        loss, 0.09829719063753509, rtol=1e-7, atol=0, err_msg="T = 2: divide both logits by T"
    )

@test_case(points=1, hidden=False, 
    failure_message="The gradient is not that of the loss with respect to the logits of the student.")
def test_q7_gradient_by_differences(distillation_loss):
    import numpy as np
    import torch

    student = torch.tensor([[0.3, -1.0, 2.0, 0.5], [1.0, 0.0, -0.7, 0.2]], dtype=torch.float64)
    teacher = torch.tensor([[1.0, 0.4, -2.0, 0.0], [0.1, 1.5, 0.3, -1.0]], dtype=torch.float64)
    got = distillation_loss(student, teacher, 1.5)
    assert got is not None and len(got) == 2, f"a pair (loss, gradient) is wanted, got {got!r}"
    gradient = got[1]
    assert gradient is not None, (
        "the gradient is None: is the tensor that you differentiate for a leaf with requires_grad?"
    )
    assert tuple(gradient.shape) == (2, 4), (
        f"the gradient must have shape (2, 4), but has {tuple(gradient.shape)}"
    )
    for i, j in ((0, 0), (1, 1), (0, 2)):
        step = torch.zeros_like(student)
        step[i, j] = 1e-5
        difference = float(distillation_loss(student + step, teacher, 1.5)[0])
        difference -= float(distillation_loss(student - step, teacher, 1.5)[0])
        np.testing.assert_allclose(
            float(gradient[i, j]),
            difference / 2e-5,
            rtol=1e-5,
            atol=1e-8,
            err_msg=f"entry {i, j} of the gradient against a finite difference of your own loss",
        )
