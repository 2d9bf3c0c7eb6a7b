# apt with package lists of our own: for another suite or another architecture than the machine's,
# without a change to the machine's apt or dpkg configuration. Sourced by ./install-packages and
# ./build.
#
# The sources are the machine's own (its mirrors, its Signed-By keys) with only the suites and
# architectures replaced, so no mirror is named here, and apt checks signatures as it always does.

# apt_private_setup DIR ARCH RELEASE SUITE...
# Makes DIR a home for package lists of ARCH for the machine's sources of RELEASE and, in their
# archive, for each SUITE given. Fails if the machine has no source of RELEASE.
apt_private_setup() {
    local dir=$1 arch=$2 release=$3 file
    shift 3
    mkdir -p "$dir/sources" "$dir/lists/partial" "$dir/archives/partial"
    chmod 755 "$dir"    # apt downloads as the user _apt, who must reach it

    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -r $file ]] && apt_private_deb822 "$release" "$*" <"$file" >"$dir/sources/$(basename "$file")"
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -r $file ]] && apt_private_one_line "$release" "$*" <"$file" >"$dir/sources/$(basename "$file")"
    done
    find "$dir/sources" -type f -empty -delete

    apt_private_options=(
        -q
        -o Dir::Etc::SourceList=/dev/null
        -o Dir::Etc::SourceParts="$dir/sources"
        -o Dir::State::Lists="$dir/lists"
        -o Dir::Cache="$dir"
        -o Dir::Cache::Archives="$dir/archives"
        -o APT::Architecture="$arch"
        -o APT::Architectures="$arch"
        -o Acquire::Languages=none
        -o Acquire::Retries=3
        -o APT::Update::Error-Mode=any
        -o DPkg::Lock::Timeout=600
    )
    if [[ $arch != "$(dpkg --print-architecture)" ]]; then
        : >"$dir/status"    # nothing of that architecture is installed here
        apt_private_options+=(-o Dir::State::Status="$dir/status")
    fi
    [[ -n $(ls "$dir/sources") ]]
}

# apt-get and apt-cache on the lists of apt_private_setup.
apt_private() { apt-get "${apt_private_options[@]}" "$@"; }
apt_private_cache() { apt-cache "${apt_private_options[@]}" "$@"; }

# Reads deb822 stanzas. Writes those that belong to the release: as they are and, where they hold
# the release itself (rather than its -security archive), with the extra suites added.
apt_private_deb822() {
    awk -v release="$1" -v extra="$2" '
        BEGIN { RS = ""; FS = "\n" }
        {
            ours = 0; types = ""; stanza = ""
            for (i = 1; i <= NF; i++) {
                key = tolower($i); sub(/:.*/, "", key)
                if ($i ~ /^#/ || key == "architectures") continue
                if (key == "enabled" && tolower($i) ~ /:[ \t]*no/) { ours = 0; break }
                if (key == "types") $i = "Types: deb"
                if (key == "suites") {
                    n = split(substr($i, index($i, ":") + 1), suite, /[ \t]+/); line = ""; base = 0
                    for (s = 1; s <= n; s++) {
                        if (suite[s] != release && index(suite[s], release "-") != 1) continue
                        if (suite[s] == release) base = 1
                        if (index(" " extra " ", " " suite[s] " ") == 0) line = line " " suite[s]
                    }
                    if (base && extra != "") line = line " " extra
                    if (line == "") { ours = 0; break }
                    ours = 1; $i = "Suites:" line
                }
                stanza = stanza $i "\n"
            }
            if (ours) print stanza
        }'
}

# The same for one-line sources: "deb [options] URI suite component...".
apt_private_one_line() {
    awk -v release="$1" -v extra="$2" '
        $1 == "deb" {
            sub(/arch=[^] \t]*/, ""); sub(/\[[ \t]*\]/, "")
            for (i = 2; i <= NF; i++)
                if ($i == release || index($i, release "-") == 1) break
            if (i > NF || index(" " extra " ", " " $i " ")) next
            base = ($i == release)
            print
            n = split(extra, suite, " ")
            for (s = 1; base && s <= n; s++) { $i = suite[s]; print }
        }'
}
