# What the builders of guests share: messages, the cache with its lock, and the kernel. Sourced by
# ./build and by the builders of other machines that boot a kernel of ours.
#
# The cache is ${SCMID_CACHE:-${XDG_CACHE_HOME:-~/.cache}/scmid}/linux-guest. An entry appears complete
# or not at all; builders that run at once wait for each other. Nothing is written elsewhere.

readonly linux_recipe=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly kernel_series=6.12
readonly cross=aarch64-linux-gnu-
# Raise it when this file builds another kernel from the same inputs.
readonly kernel_recipe=1
readonly cache=${SCMID_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/scmid}/linux-guest

say() { printf 'guest: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

hash_of() { sha256sum | cut -c1-16; }

# --- kernel -------------------------------------------------------------------------------------

# take_kernel FRAGMENT...: leaves in $kernel the directory with Image, its config and gen_init_cpio, of
# a kernel that has what the files of options name, in this order, on top of `make allnoconfig`.
take_kernel() {
    local tool
    for tool in "${cross}gcc" make flex bison bc xz; do
        command -v "$tool" >/dev/null || die "$tool is missing; run: sudo $linux_recipe/install-packages"
    done
    source_version=$(dpkg-query -W -f '${Version}' "linux-source-$kernel_series" 2>/dev/null) && [[ $source_version ]] ||
        die "linux-source-$kernel_series is missing; run: sudo $linux_recipe/install-packages"
    kernel=$cache/kernel/$(kernel_key "$@")
    cached "${kernel#"$cache/"}" build_kernel "$@"
}

kernel_key() {
    { echo "kernel recipe $kernel_recipe"; echo "$source_version"; "${cross}gcc" --version; cat "$@"; } | hash_of
}

# build_kernel DIR FRAGMENT...: Image, config and gen_init_cpio into DIR.
build_kernel() {
    local out=$1 source=$work/linux objects=$work/objects log=$work/kernel.log line lost=()
    shift
    say "unpacking linux-source-$kernel_series $source_version"
    mkdir -p "$source" "$objects"
    tar -xf "/usr/src/linux-source-$kernel_series.tar.xz" -C "$source" --strip-components=1 \
        --exclude='*/Documentation/devicetree' --exclude='*/tools/testing' --exclude='*/drivers/gpu/drm/amd/include'

    local make=(make -s -C "$source" O="$objects" ARCH=arm64 CROSS_COMPILE="$cross"
        KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=scmid KBUILD_BUILD_HOST=scmid)
    cat "$@" >"$work/kernel.config"
    "${make[@]}" KCONFIG_ALLCONFIG="$work/kernel.config" allnoconfig >"$log" 2>&1 || show_log "$log" "configuring the kernel failed"
    while IFS= read -r line; do
        [[ $line != CONFIG_* ]] || grep -qxF -- "$line" "$objects/.config" || lost+=("$line")
    done <"$work/kernel.config"
    (( ${#lost[@]} == 0 )) || die "${*}: Kconfig does not take ${lost[*]} (a missing dependency?)"

    say "compiling the kernel with $(nproc) jobs: some minutes, once"
    "${make[@]}" -j"$(nproc)" Image >"$log" 2>&1 &
    local build=$! started=$SECONDS
    while kill -0 "$build" 2>/dev/null; do
        sleep 1
        (( (SECONDS - started) % 5 )) || say "compiling the kernel: $(find "$objects" -name '*.o' | wc -l) files, $((SECONDS - started)) s"
    done
    wait "$build" || show_log "$log" "compiling the kernel failed"

    cp "$objects/arch/arm64/boot/Image" "$out/"
    cp "$objects/.config" "$out/config"
    gcc -O2 -o "$out/gen_init_cpio" "$source/usr/gen_init_cpio.c"
    rm -rf "$source" "$objects"
    say "the kernel is there after $((SECONDS - started)) s"
}

show_log() {
    tail -n 30 "$1" >&2
    die "$2, see above"
}

# --- cache --------------------------------------------------------------------------------------

# cached KIND/KEY BUILDER [ARGUMENT...]: makes sure the entry is there, built by BUILDER DIR ARGUMENT...
cached() {
    local entry=$cache/$1 builder=$2 new
    shift 2
    [[ -d $entry ]] && return
    take_lock
    [[ -d $entry ]] && return      # another builder was first
    new=$work/new
    rm -rf "$new"
    mkdir -p "$new" "$(dirname "$entry")"
    "$builder" "$new" "$@"
    mv -T "$new" "$entry"
}

# The first miss takes the lock for the rest of the run. A work directory that is there although
# the lock was free belongs to a builder that was killed.
take_lock() {
    [[ -z ${work:-} ]] || return 0
    mkdir -p "$cache"
    exec {lock}>"$cache/lock"
    if ! flock -n "$lock"; then
        say "waiting for another build to finish"
        flock "$lock"
    fi
    rm -rf "$cache"/work.*
    work=$(mktemp -d "$cache/work.XXXXXX")
    chmod 755 "$work"
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

cleanup() {
    local jobs
    jobs=$(jobs -p)
    [[ -z $jobs ]] || { kill $jobs; wait; } 2>/dev/null || true
    rm -rf "$work"
}
