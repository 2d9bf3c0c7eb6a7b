# What the builders of guests share: messages, the cache with its lock, and the kernel. Sourced by
# ./build and by the builders of other machines that boot a kernel of ours, after apt-private.bash.
#
# The cache is ${SCMID_CACHE:-${XDG_CACHE_HOME:-~/.cache}/scmid}/linux-guest. An entry appears complete
# or not at all; builders that run at once wait for each other. Nothing is written elsewhere.

readonly linux_recipe=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The kernel that everything runs on: ./install-packages installs its source.
readonly installed_series=6.12
# The newest kernel is the linux-source-N.M with the highest number of those that the machine's own release
# and this suite have. Debian renames the package with each series, so no name of it is written down here.
readonly newest_suite=trixie-backports
readonly cross=aarch64-linux-gnu-
# Raise it when this file builds another kernel from the same inputs.
readonly kernel_recipe=2
readonly cache=${SCMID_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/scmid}/linux-guest

say() { printf 'guest: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

hash_of() { sha256sum | cut -c1-16; }

# --- kernel -------------------------------------------------------------------------------------

# take_kernel installed|newest FRAGMENT...: leaves in $kernel the directory with Image, its config, gen_init_cpio
# and headers.tar.gz, of a kernel that has what the files of options name, in this order, on top of
# `make allnoconfig`. $kernel_series and $source_version say which Linux it is.
take_kernel() {
    local tool options which=$1
    shift
    for tool in "${cross}gcc" make flex bison bc xz; do
        command -v "$tool" >/dev/null || die "$tool is missing; run: sudo $linux_recipe/install-packages"
    done
    "take_${which}_source"
    options=$(options_for "$kernel_series" "$@")
    kernel=$cache/kernel/$(kernel_key "$options")
    cached "${kernel#"$cache/"}" build_kernel "$which" "$options" "$*"
}

take_installed_source() {
    kernel_series=$installed_series
    source_version=$(dpkg-query -W -f '${Version}' "linux-source-$kernel_series" 2>/dev/null) && [[ $source_version ]] ||
        die "linux-source-$kernel_series is missing; run: sudo $linux_recipe/install-packages"
}

unpack_installed_source() { unpack_linux "$1" <"/usr/src/linux-source-$kernel_series.tar.xz"; }

# apt is asked once a day which one is the newest. The answer is kept in the cache, and goes on to be used,
# with a message, while apt cannot be asked.
take_newest_source() {
    local kept=$cache/newest
    if [[ ! $(find "$kept" -mmin -1440 2>/dev/null) ]]; then
        take_lock
        say "asking the machine's apt sources for the newest Linux in $newest_suite"
        if (ask_for_newest) >"$work/newest"; then
            mv "$work/newest" "$kept"
        elif [[ -e $kept ]]; then
            say "so it is the newest of $(date -r "$kept" +%F), when that was known last"
        else
            exit 1
        fi
    fi
    read -r kernel_series source_version <"$kept"
    say "the newest Linux that Debian has as source, in $newest_suite or this machine's release: linux-source-$kernel_series $source_version"
}

# Prints the series and the version.
ask_for_newest() {
    local series version
    apt_of_newest "$work/apt" || show_log "$work/apt.log" "the newest Linux is not known, because package lists cannot be read"
    series=$(apt_private_cache search --names-only '^linux-source-[0-9]+[.][0-9]+$' |
        sed 's/^linux-source-\([0-9.]*\) .*/\1/' | sort -V | tail -n 1)
    [[ $series ]] || die "the newest Linux is not there: neither $newest_suite nor this machine's release has a linux-source-N.M"
    [[ $series != "$installed_series" && $(printf '%s\n' "$series" "$installed_series" | sort -V | tail -n 1) == "$series" ]] ||
        die "no Linux newer than $installed_series is there: linux-source-$series is the newest in $newest_suite and this machine's release"
    version=$(LC_ALL=C apt_private_cache policy "linux-source-$series" | sed -n 's/^ *Candidate: //p')
    [[ $version ]] || die "apt knows linux-source-$series, and no version of it"
    echo "$series $version"
}

# apt_of_newest DIR: reads the package lists that the newest Linux is looked for in.
apt_of_newest() {
    local release
    release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    rm -rf "$1"
    # The package is for all architectures; any that Debian has would do.
    { apt_private_setup "$1" arm64 "$release" "$newest_suite" && apt_private update; } >"$work/apt.log" 2>&1
}

unpack_newest_source() {
    local package=linux-source-$kernel_series
    say "fetching $package $source_version from the machine's apt sources: 150 MB, once"
    { apt_of_newest "$work/apt" && (cd "$work/apt" && apt_private download "$package=$source_version"); } >>"$work/apt.log" 2>&1 || {
        # The next run asks again: the version may be gone because a newer one is there.
        rm -f "$cache/newest"
        show_log "$work/apt.log" "fetching $package $source_version failed"
    }
    dpkg-deb --fsys-tarfile "$work"/apt/linux-source-*.deb | tar -xO "./usr/src/$package.tar.xz" | unpack_linux "$1"
    rm -rf "$work/apt"
}

# unpack_linux DIR: the archive on stdin, but for what takes time and is not compiled.
unpack_linux() {
    tar -xJ -C "$1" --strip-components=1 \
        --exclude='*/Documentation/devicetree' --exclude='*/tools/testing' --exclude='*/drivers/gpu/drm/amd/include'
}

# options_for SERIES FRAGMENT...: the options without comments; a line that ends in `# only SERIES...` is
# left out for any other series.
options_for() {
    local series=$1
    shift
    awk -v series="$series" '
        !/^CONFIG_/ { next }
        match($0, /[ \t]*# only /) {
            wanted = substr($0, RSTART + RLENGTH); sub(/:.*/, "", wanted)
            if (index(" " wanted " ", " " series " ") == 0) next
        }
        { sub(/[ \t]+#.*/, ""); print }' "$@"
}

kernel_key() {
    { echo "kernel recipe $kernel_recipe"; echo "$source_version"; "${cross}gcc" --version; echo "$1"; } | hash_of
}

# build_kernel DIR installed|newest OPTIONS FRAGMENTS: Image, config, gen_init_cpio and headers.tar.gz into DIR.
build_kernel() {
    local out=$1 which=$2 options=$3 fragments=$4 source=$work/linux objects=$work/objects log=$work/kernel.log line lost=()
    say "unpacking linux-source-$kernel_series $source_version"
    mkdir -p "$source" "$objects"
    "unpack_${which}_source" "$source"

    local make=(make -s -C "$source" O="$objects" ARCH=arm64 CROSS_COMPILE="$cross"
        KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=scmid KBUILD_BUILD_HOST=scmid)
    echo "$options" >"$work/kernel.config"
    "${make[@]}" KCONFIG_ALLCONFIG="$work/kernel.config" allnoconfig >"$log" 2>&1 || show_log "$log" "configuring the kernel failed"
    while IFS= read -r line; do
        grep -qxF -- "$line" "$objects/.config" || lost+=("$line")
    done <"$work/kernel.config"
    (( ${#lost[@]} == 0 )) || die "$fragments: Kconfig of Linux $kernel_series does not take ${lost[*]} (a missing dependency?)"

    say "compiling the kernel with $(nproc) jobs: some minutes, once"
    "${make[@]}" -j"$(nproc)" Image modules >"$log" 2>&1 &
    local build=$! started=$SECONDS
    while kill -0 "$build" 2>/dev/null; do
        sleep 1
        (( (SECONDS - started) % 5 )) || say "compiling the kernel: $(find "$objects" -name '*.o' | wc -l) files, $((SECONDS - started)) s"
    done
    wait "$build" || show_log "$log" "compiling the kernel failed"

    # What modules from elsewhere are built against, as the kernel itself packs it for distributions. Its programs
    # stay those for this machine: it would compile them anew for the kernel's if the two compilers' names differed.
    "${make[@]}" run-command KBUILD_RUN_COMMAND='CC=$(HOSTCC) sh $(srctree)/scripts/package/install-extmod-build headers' \
        >"$log" 2>&1 || show_log "$log" "packing what modules are built against failed"
    tar -C "$objects/headers" -czf "$out/headers.tar.gz" .

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
