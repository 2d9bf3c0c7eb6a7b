# Sourced by ./scmid and ./verify: finds a JDK 25 and a Maven, or says what is missing and how to get it.

JDK_FEATURE=25

# The feature version of the Java in directory $1, from its release file; nothing where there is no JDK (a JRE is none).
jdk_feature_of() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the home of the first JDK 25 in: SCMID_JAVA_HOME, JAVA_HOME, java on the PATH, the usual folders.
# SCMID_JDK_FOLDER, if set, stands for the usual folders: the one in which JDKs are.
find_jdk() {
  local candidate on_path=""
  local usual=(/usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*)
  [ -z "${SCMID_JDK_FOLDER:-}" ] || usual=("$SCMID_JDK_FOLDER"/*)
  if command -v java >/dev/null 2>&1; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  fi
  for candidate in "${SCMID_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" "${usual[@]}"; do
    if [ -n "$candidate" ] && [ "$(jdk_feature_of "$candidate")" = "$JDK_FEATURE" ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Sets JAVA_HOME to a JDK 25, or explains and ends the script that sourced this.
require_jdk() {
  local home
  if ! home=$(find_jdk); then
    cat >&2 <<EOF
scmid: no JDK $JDK_FEATURE was found (looked at SCMID_JAVA_HOME, JAVA_HOME, the PATH, /usr/lib/jvm and other usual folders).
scmid needs exactly Java $JDK_FEATURE. To get it:
  Debian 13 or newer, Ubuntu 25.10 or newer:   apt-get install openjdk-$JDK_FEATURE-jdk-headless
  anywhere:                                    unpack Eclipse Temurin $JDK_FEATURE (or another build of OpenJDK $JDK_FEATURE)
                                               and set SCMID_JAVA_HOME to its folder
EOF
    exit 3
  fi
  export JAVA_HOME=$home
}

# Makes sure that mvn is there: installs Debian's package where this user may, explains otherwise.
require_maven() {
  command -v mvn >/dev/null 2>&1 && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "scmid: Maven is missing; installing the distribution's package" >&2
    if { apt-get update -qq && apt-get install -y -qq --no-install-recommends maven; } >/dev/null 2>&1 \
        && command -v mvn >/dev/null 2>&1; then
      return 0
    fi
    echo "scmid: apt-get could not install maven" >&2
  fi
  echo "scmid: Maven (mvn) is needed to build. On Debian or Ubuntu: sudo apt-get install maven" >&2
  exit 3
}
