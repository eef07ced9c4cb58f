# shellcheck shell=bash
# For bench/run and tests/run: what is missing of the Debian packages they need is installed.

# need_packages PACKAGE...   Install what is not there; say what to do when that cannot be done.
need_packages() {
    local missing=() as_root=()
    if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
        echo "Not a Debian system: these packages, or what they are called here, must be there:" >&2
        echo "  $*" >&2
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2> /dev/null; then
            echo "Missing packages; as root: apt-get install ${missing[*]}" >&2
            return 3
        fi
        as_root=(sudo -n)
    fi
    echo "Installing ${missing[*]}"
    if ! ls /var/lib/apt/lists/*_Packages* > /dev/null 2>&1; then
        quietly "${as_root[@]}" apt-get update
    fi
    install_packages "${missing[@]}" || {
        # The lists may be older than what the servers still hold.
        quietly "${as_root[@]}" apt-get update
        install_packages "${missing[@]}"
    } || {
        echo "Could not install; as root: apt-get update && apt-get install ${missing[*]}" >&2
        return 3
    }
}

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2> /dev/null | grep -qx installed ||
            echo "$package"
    done
}

# Uses as_root of need_packages.
install_packages() {
    quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@"
}

# quietly COMMAND...   Its output is shown only when it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" > "$log" 2>&1 < /dev/null || status=$?
    if [ $status -ne 0 ]; then
        tail -n 40 "$log" >&2
    fi
    rm -f "$log"
    return $status
}
