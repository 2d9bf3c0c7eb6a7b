# Builds a program for QEMU's AArch64 `virt` machine around the files of this folder; sourced by the programs' build scripts.
#
#   build_program NAME OUT FOLDER SOURCE... [-- FLAG...]
#
# compiles FOLDER/*.c, SOURCE... and what is here, and makes OUT/NAME.elf and OUT/NAME.bin. Headers are found here, in FOLDER
# and beside each SOURCE. It changes OUT to an absolute path in the variable `out`.

common=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
cross=aarch64-linux-gnu-

build_program() {
  local name=$1 to=$2 folder=$3
  shift 3
  local sources=("$common"/*.S "$common"/*.c "$folder"/*.c) headers=(-I"$common" -I"$folder") objects=() source object
  die() { echo "$name: $*" >&2; exit 1; }

  command -v "${cross}gcc" >/dev/null \
    || die "${cross}gcc is missing; on Debian: sudo apt-get install gcc-aarch64-linux-gnu"
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    [ -e "$1" ] || die "there is no $1"
    sources+=("$1")
    headers+=(-I"$(dirname "$1")")
    shift
  done
  [ $# -eq 0 ] || shift
  mkdir -p "$to"
  out=$(cd "$to" && pwd)

  local flags=(
    -std=c11 -O2 -g -Wall -Wextra -Werror -Wmissing-prototypes -Wshadow -Wvla
    # No C library, neither its code nor its headers; string.h is our own.
    -ffreestanding -nostdinc -isystem "$("${cross}gcc" -print-file-name=include)" "${headers[@]}"
    # One core, no floating point; no unaligned accesses, which fault while the MMU is off and in device memory always.
    -mcpu=cortex-a53 -mgeneral-regs-only -mstrict-align -mno-outline-atomics
    -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables
    # Else the compiler turns the loops of memcpy and memset into calls of memcpy and memset.
    -fno-tree-loop-distribute-patterns
    "$@"
  )

  # Built beside the result and moved there: a machine that is being started never sees half an image.
  work=$(mktemp -d "$out/build.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  for source in "${sources[@]}"; do
    object=$work/$(basename "$source").o
    "${cross}gcc" "${flags[@]}" -c -o "$object" "$source" || die "compiling $source failed"
    objects+=("$object")
  done
  "${cross}gcc" -nostdlib -static -no-pie -Wl,--build-id=none -Wl,--fatal-warnings -Wl,-z,noexecstack \
    -Wl,--no-warn-rwx-segments -T "$common/image.ld" -o "$work/$name.elf" "${objects[@]}" || die "linking failed"
  "${cross}objcopy" -O binary "$work/$name.elf" "$work/$name.bin"
  mv -f "$work/$name.elf" "$work/$name.bin" "$out"
  echo "$name: $(stat -c %s "$out/$name.bin") bytes" >&2
}
