# The steps that all findings share. A script sources this file, then calls fetch, compile and report in this order.
# The script runs in a temporary folder, which is removed when the script ends.

findings=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lib=$work/extracted/usr/lib/$(cc -print-multiarch)

# fetch PACKAGE=VERSION...: downloads Debian packages and unpacks them into the folder extracted. Installs nothing.
fetch() {
    echo "Packages: $*"
    apt-get -qq -o APT::Sandbox::User=root download "$@"
    for package in *.deb; do dpkg -x "$package" extracted; done
}

# compile -lLIBRARY: builds ./program from the C program on standard input, with the headers and the library from the
# packages. The commands after this one load the library from the packages too.
compile() {
    cat > program.c
    cc -Wall -Werror -D_GNU_SOURCE -I"$findings" -Iextracted/usr/include -o program program.c \
        -L"$lib" -Wl,-rpath-link,"$lib" "$@"
    export LD_LIBRARY_PATH="$lib"
}

# report COMMAND...: runs a command that succeeds if the library behaves as the script describes, and reports this.
report() {
    if "$@"; then echo "As described."; else echo "NOT as described"; exit 1; fi
}
