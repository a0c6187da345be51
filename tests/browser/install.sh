#!/bin/sh
# Chromium for the browser tests: used where it is, installed where the system's packages allow it, named where not.
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && exit 0
echo "== Installing Chromium for the browser tests"
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -q && apt-get install -y -q --no-install-recommends chromium && exit 0
elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then
    sudo apt-get update -q && sudo apt-get install -y -q --no-install-recommends chromium && exit 0
fi
echo "The browser tests need Chromium: install it (Debian and Ubuntu: sudo apt-get install chromium), then make test." >&2
exit 1
