doc nginx.conf show "$PODPATH_ROOT/etc/nginx/nginx.conf"
doc backends.json "$PODPATH_ROOT/dbg" backends all
