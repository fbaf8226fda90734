# %% right: both in log space, sum divided by N
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.clone().detach()
    student.requires_grad = True
    log_q = torch.log_softmax(student / temperature, dim=1)
    log_p = torch.log_softmax(teacher_logits / temperature, dim=1)
    loss = F.kl_div(log_q, log_p, reduction="sum", log_target=True) / len(student) * temperature**2
    (gradient,) = torch.autograd.grad(loss, student)
    return float(loss), gradient


# %% right: the module KLDivLoss
def distillation_loss(student_logits, teacher_logits, temperature):
    student = torch.nn.Parameter(student_logits.clone())
    criterion = torch.nn.KLDivLoss(reduction="batchmean")
    with torch.no_grad():
        target = torch.softmax(teacher_logits / temperature, dim=-1)
    loss = temperature * temperature * criterion(torch.log_softmax(student / temperature, dim=-1), target)
    loss.backward()
    return loss.detach().item(), student.grad


# %% right: gradient by formula
def distillation_loss(student_logits, teacher_logits, temperature):
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student_logits / temperature, dim=1)
    loss = F.kl_div(log_q, p, reduction="none").sum(dim=1).mean()
    return temperature**2 * loss.item(), temperature * (log_q.exp() - p) / len(p)


# %% wrong: p and q swapped, both sides right in themselves
# expects: this is KL(student || teacher)
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    log_p = F.log_softmax(teacher_logits / temperature, dim=1)
    q = F.softmax(student / temperature, dim=1)
    loss = temperature**2 * F.kl_div(log_p, q, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: arguments in the order of the formula
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student / temperature, dim=1)
    loss = temperature**2 * F.kl_div(p, log_q, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: probabilities as the first argument
# expects: kl_div wants its first argument in log space
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    q = F.softmax(student / temperature, dim=1)
    loss = temperature**2 * F.kl_div(q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: logits as the first argument
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    loss = temperature**2 * F.kl_div(student / temperature, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: log-probabilities of the teacher without log_target
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    log_p = F.log_softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student / temperature, dim=1)
    loss = temperature**2 * F.kl_div(log_q, log_p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: the default reduction, which divides by the number of elements
# expects: the reduction divided by the number of classes too
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student / temperature, dim=1)
    loss = temperature**2 * F.kl_div(log_q, p)
    loss.backward()
    return loss.item(), student.grad


# %% wrong: sum over the batch
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student / temperature, dim=1)
    loss = temperature**2 * F.kl_div(log_q, p, reduction="sum")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: without the factor T squared
# expects: the factor T squared is missing
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student / temperature, dim=1)
    loss = F.kl_div(log_q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: softens the teacher only
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student, dim=1)
    loss = temperature**2 * F.kl_div(log_q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: multiplies by the temperature
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits * temperature, dim=1)
    log_q = F.log_softmax(student * temperature, dim=1)
    loss = temperature**2 * F.kl_div(log_q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: softmax first, then the logarithm
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.softmax(student / temperature, dim=1).log()
    loss = temperature**2 * F.kl_div(log_q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: gradient with respect to the log-probabilities
def distillation_loss(student_logits, teacher_logits, temperature):
    p = F.softmax(teacher_logits / temperature, dim=1)
    log_q = F.log_softmax(student_logits / temperature, dim=1).detach().requires_grad_()
    loss = temperature**2 * F.kl_div(log_q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), log_q.grad


# %% wrong: cross-entropy with the soft targets, which lacks the teacher's entropy
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=1)
    loss = temperature**2 * F.cross_entropy(student / temperature, p)
    loss.backward()
    return loss.item(), student.grad


# %% wrong: softmax over the batch
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    p = F.softmax(teacher_logits / temperature, dim=0)
    log_q = F.log_softmax(student / temperature, dim=0)
    loss = temperature**2 * F.kl_div(log_q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: divides the arguments in place
def distillation_loss(student_logits, teacher_logits, temperature):
    student = student_logits.detach().clone().requires_grad_()
    teacher_logits /= temperature
    p = F.softmax(teacher_logits, dim=1)
    log_q = F.log_softmax(student / temperature, dim=1)
    loss = temperature**2 * F.kl_div(log_q, p, reduction="batchmean")
    loss.backward()
    return loss.item(), student.grad


# %% wrong: torch.distributions, which says infinite where a probability underflows
def distillation_loss(student_logits, teacher_logits, temperature):
    from torch.distributions import Categorical, kl_divergence

    student = student_logits.detach().clone().requires_grad_(True)
    p = Categorical(logits=teacher_logits / temperature)
    q = Categorical(logits=student / temperature)
    loss = temperature**2 * kl_divergence(p, q).mean()
    loss.backward()
    return loss.item(), student.grad
