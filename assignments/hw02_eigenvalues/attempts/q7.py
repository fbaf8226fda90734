# %% right: NumPy in float64, log axis set by hand
def plot_layer_spectra(ax, state_dict):
    for name in state_dict:
        weight = state_dict[name].detach().cpu().numpy().astype(float)
        if weight.ndim >= 2:
            s = np.linalg.svd(weight.reshape(len(weight), -1), compute_uv=False)
            ax.plot(range(1, len(s) + 1), s / s.max(), marker="o", label=name)
    ax.set_yscale("log")
    ax.set_xlabel("index")
    ax.set_ylabel("singular value, relative")
    ax.legend()
    return ax


# %% right: log10 of the ratios on a linear axis, scatter
def plot_layer_spectra(ax, state_dict):
    matrices = {name: t.double().reshape(t.shape[0], -1) for name, t in state_dict.items() if t.dim() > 1}
    for name, matrix in matrices.items():
        s = torch.linalg.svdvals(matrix)
        ax.scatter(torch.arange(1, len(s) + 1), torch.log10(s / s[0]), s=5, label=name)
    ax.set(xlabel="i", ylabel="log10 of sigma_i / sigma_1")
    ax.legend(loc="lower left")
    return ax


# %% right: legend from handles
def plot_layer_spectra(ax, state_dict):
    handles, names = [], []
    for name, tensor in state_dict.items():
        if len(tensor.shape) >= 2:
            s = torch.svd(tensor.to(torch.float64).flatten(1)).S.tolist()
            handles += ax.semilogy(np.arange(len(s)) + 1, [v / s[0] for v in s])
            names.append(name)
    ax.legend(handles, names)
    ax.set_xlabel("number")
    ax.set_ylabel("ratio")
    return ax


# %% wrong: float32, so small values are noise
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            s = torch.linalg.svdvals(tensor.float().flatten(1)).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: not divided by the largest
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            s = torch.linalg.svdvals(tensor.double().flatten(1)).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s, label=name)
    ax.set(xlabel="i", ylabel="singular value")
    ax.legend()
    return ax


# %% wrong: linear axis
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            s = torch.linalg.svdvals(tensor.double().flatten(1)).numpy()
            ax.plot(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: index from 0
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            s = torch.linalg.svdvals(tensor.double().flatten(1)).numpy()
            ax.semilogy(s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: only matrices, so convolutions are missing
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim == 2:
            s = torch.linalg.svdvals(tensor.double()).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: convolution flattened the other way
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            matrix = tensor.double().reshape(-1, tensor.shape[-1]) if tensor.ndim > 2 else tensor.double()
            s = torch.linalg.svdvals(matrix).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: a matrix is what is called weight, so normalisation is drawn too
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim > 0:
            s = torch.linalg.svdvals(tensor.double().reshape(len(tensor), -1)).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: absolute eigenvalues where the matrix is square
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            matrix = tensor.double().flatten(1)
            if matrix.shape[0] == matrix.shape[1]:
                s = np.sort(torch.linalg.eigvals(matrix).abs().numpy())[::-1]
            else:
                s = torch.linalg.svdvals(matrix).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: the last layer again and again
def plot_layer_spectra(ax, state_dict):
    names = [name for name, tensor in state_dict.items() if tensor.ndim >= 2]
    for name in names:
        s = torch.linalg.svdvals(state_dict[names[-1]].double().flatten(1)).numpy()
        ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: no legend
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            s = torch.linalg.svdvals(tensor.double().flatten(1)).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    return ax


# %% wrong: normalises the weights in place
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            tensor /= torch.linalg.svdvals(tensor.double().flatten(1))[0]
            s = torch.linalg.svdvals(tensor.double().flatten(1)).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s / s[0], label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax


# %% wrong: share of the energy instead of the ratio
def plot_layer_spectra(ax, state_dict):
    for name, tensor in state_dict.items():
        if tensor.ndim >= 2:
            s = torch.linalg.svdvals(tensor.double().flatten(1)).numpy()
            ax.semilogy(np.arange(1, len(s) + 1), s**2 / np.sum(s**2), label=name)
    ax.set(xlabel="i", ylabel="ratio")
    ax.legend()
    return ax
