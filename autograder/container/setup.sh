#!/usr/bin/env bash
# Run once, as root, when the grading platform builds its image: makes a Python environment with the locked packages.
# It lies outside /autograder, because students' processes must be able to read it and must not read anything there.
# Packages come from a folder wheels/ beside this file, else from where pip is told (PIP_FIND_LINKS, PIP_NO_INDEX,
# PIP_INDEX_URL, …), else from the network.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${GRADER_VENV:-/opt/venv}
export DEBIAN_FRONTEND=noninteractive

fail() { echo "setup.sh: $*" >&2; exit 1; }
trap 'echo "setup.sh: stopped at line $LINENO (the reason is above)." >&2' ERR

usable() { "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if usable "$name"; then command -v "$name"; return; fi
    done
    return 1
}

install_python() {
    local package
    command -v apt-get >/dev/null || return 1
    apt-get -qq update >/dev/null 2>&1 || true
    for package in python3-venv python3.13-venv python3.12-venv python3.11-venv; do
        apt-get -qq install -y --no-install-recommends "$package" >/dev/null 2>&1 || continue
        if find_python >/dev/null; then return; fi
    done
    return 1
}

[ "$(id -u)" = 0 ] || fail "this must run as root, as the platform does."
[ -f "$source/requirements.lock" ] || fail "$source/requirements.lock is missing. Upload the zip as it was released."
find_python >/dev/null || install_python || fail "Python 3.11 or later with its venv module is needed; this image has \
$(python3 --version 2>/dev/null || echo none). Choose a newer base image in the platform's settings (Ubuntu 24.04, Debian 12)."
python=$(find_python)
version=$("$python" --version)

rm -rf "$venv"
"$python" -m venv "$venv" || fail "$version cannot make a virtual environment in $venv."
install() {
    "$venv/bin/python" -m pip --quiet --disable-pip-version-check --no-input install \
        --no-cache-dir --no-compile --no-deps --only-binary :all: "$@"
}
if [ -d "$source/wheels" ]; then
    install --no-index --find-links "$source/wheels" --requirement "$source/requirements.lock" \
        || fail "pip could not install the packages from wheels/ with $version (its reason is above)."
else
    # torch from PyTorch's own index of CPU builds: the default one brings gigabytes of GPU libraries.
    if [ -z "${PIP_FIND_LINKS-}${PIP_NO_INDEX-}${PIP_INDEX_URL-}${PIP_EXTRA_INDEX_URL-}" ]; then
        install --index-url https://download.pytorch.org/whl/cpu "$(grep '^torch==' "$source/requirements.lock")" \
            || fail "pip could not install torch with $version (its reason is above)."
    fi
    install --requirement "$source/requirements.lock" \
        || fail "pip could not install the packages with $version (its reason is above)."
fi

# Headers, compilers' helpers and packages' own tests serve nobody here; some files for other Pythons do not compile.
packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
rm -rf "$packages"/torch/{include,test}
(cd "$packages" && find matplotlib networkx numpy pandas scipy sympy -type d -name tests -prune -exec rm -r {} +)
"$venv/bin/python" -m compileall -qq -j 0 --invalidation-mode unchecked-hash "$venv" >/dev/null || true
"$venv/bin/python" -m compileall -qq "$source/autograder" "$source/reference" >/dev/null
chmod -R u=rwX,go=rX "$venv"
chmod 0700 "$source"

# What a student's process will do, as somebody who is not root.
(cd / && "$venv/bin/python" -I -c 'import os, tempfile
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
os.environ["MPLCONFIGDIR"] = tempfile.mkdtemp()
import IPython, matplotlib, otter.test_files, pandas, scipy.optimize, torch') \
    || fail "the packages cannot be imported by other users than root from $venv with $python (the reason is above)."
