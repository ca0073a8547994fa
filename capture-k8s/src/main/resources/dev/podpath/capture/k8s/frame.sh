case $PATH in *sbin*) ;; *) PATH=$PATH:/usr/sbin:/sbin ;; esac
has() { command -v "$1" >/dev/null 2>&1; }
doc() {
    n=$1
    shift
    printf '%s begin %s\n' "$M" "$n"
    "$@"
    printf '\n%s end %s %s\n' "$M" "$n" "$?"
}
show() {
    if has cat; then cat "$1"; else
        while IFS= read -r l || [ -n "$l" ]; do printf '%s\n' "$l"; done <"$1"
    fi
}
