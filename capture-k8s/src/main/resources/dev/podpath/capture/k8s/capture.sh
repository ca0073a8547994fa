#!/bin/sh
# Captures a Kubernetes cluster into a snapshot directory for podpath, with kubectl and POSIX tools alone.
# It only reads, and asks for no Secrets.
#
#   sh capture.sh [DIRECTORY]                      the cluster; default directory: podpath-snapshot
#   sh capture.sh --on-this-node NAME [DIRECTORY]  the state of the node it runs on (as root), without kubectl
set -u
umask 077
LC_ALL=C
export LC_ALL
namespaces='@NAMESPACES@'
nodes='@NODES@'
kubectl=${KUBECTL:-kubectl}
k() { "$kubectl" @FLAGS@"$@"; }

here=
if [ "${1:-}" = --on-this-node ]; then
    here=${2:?name of the node}
    shift 2
fi
out=${1:-podpath-snapshot}
if [ -z "$here" ] && [ -d "$out" ] && [ -n "$(ls -A "$out")" ]; then
    echo "$out is not empty; name another directory" >&2
    exit 2
fi
work=$out/.podpath-capture
mkdir -p "$work" || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
: >"$work/gaps"

cat >"$work/frame.sh" <<'PODPATH_END'
@FRAME@PODPATH_END
cat >"$work/node.sh" <<'PODPATH_END'
@NODE@PODPATH_END
cat >"$work/ingress.sh" <<'PODPATH_END'
@INGRESS@PODPATH_END

# One line that may stand in a YAML string.
clean() { tr '\t\r\n' '   ' | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g' | cut -c1-300; }

gap() { # document reason why [permission]
    printf '  - document: "%s"\n    reason: "%s"\n    why: "%s"\n' "$1" "$2" "$3" >>"$work/gaps"
    [ -z "${4:-}" ] || printf '    permission: "%s"\n' "$4" >>"$work/gaps"
    printf 'not captured: %s: %s\n' "$1" "$3" >&2
}

failed() { # document permission; why is in $work/err
    why=$(grep -v '^[EIW][0-9][0-9][0-9][0-9] ' "$work/err" | clean)
    case $why in
        *orbidden* | *nauthorized* | *"must be logged in"* | *"provide credentials"*) gap "$1" denied "$why" "$2" ;;
        *) gap "$1" failed "$why" ;;
    esac
}

# Objects are gathered in $work/items and written as the list kubectl prints.
begin_items() { : >"$work/items"; }
add_list() { # adds the objects of the list in $work/list
    awk '/^    "items": \[$/ { on = 1; next } /^    \],?$/ { on = 0 } on' "$work/list" >"$work/more"
    join_more
}
add_object() { # adds the object in $work/list
    sed 's/^/        /' "$work/list" >"$work/more"
    join_more
}
join_more() {
    [ -s "$work/more" ] || return 0
    if [ -s "$work/items" ]; then
        sed '$s/$/,/' "$work/items" >"$work/joined"
        mv "$work/joined" "$work/items"
    fi
    cat "$work/more" >>"$work/items"
}
end_items() { # document
    {
        printf '{\n    "apiVersion": "v1",\n    "items": ['
        if [ -s "$work/items" ]; then
            printf '\n'
            cat "$work/items"
            printf '    '
        fi
        printf '],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n'
    } >"$work/document"
    mkdir -p "$out/kubernetes"
    mv "$work/document" "$out/$1"
}

list() { # resource plural namespaced group
    echo "$2" >&2
    file=kubernetes/$2.json
    if [ -n "$namespaces" ] && [ "$3" = yes ]; then
        got=
        begin_items
        for namespace in $namespaces; do
            if k get "$1" -n "$namespace" -o json >"$work/list" 2>"$work/err"; then
                add_list
                got=yes
            else
                failed "$file" "list $2$4"
            fi
        done
        if [ -n "$got" ]; then
            end_items "$file"
            gap "$file" partial "namespaces $namespaces"
        fi
        return
    fi
    all=
    [ "$3" = no ] || all=-A
    # shellcheck disable=SC2086
    if k get "$1" $all -o json >"$work/list" 2>"$work/err"; then
        mkdir -p "$out/kubernetes"
        mv "$work/list" "$out/$file"
    elif [ "$2" = endpointslices ] && grep -q "have a resource type" "$work/err"; then
        list endpoints endpoints yes ''
    else
        failed "$file" "list $2$4"
    fi
}

extension() { # plural namespaced group version…
    plural=$1
    spaced=$2
    group=$3
    shift 3
    for version in "$@"; do
        if k get --raw "/apis/$group/$version" 2>/dev/null | grep -q "\"name\": *\"$plural\""; then
            list "$plural.$version.$group" "$plural" "$spaced" " in $group"
            return
        fi
    done
}

config_maps() {
    begin_items
    for id in $(sort -u "$work/maps"); do
        if k get configmap -n "${id%%/*}" "${id#*/}" -o json >"$work/list" 2>"$work/err"; then
            add_object
        elif ! grep -qi 'not *found' "$work/err"; then
            failed kubernetes/configmaps.json "get configmaps"
            return
        fi
    done
    end_items kubernetes/configmaps.json
}

# Of kubectl's own layout: what the pods tell about where to look next.
facts() {
    [ -f "$out/kubernetes/pods.json" ] || return 0
    awk '
        function value(line) { sub(/^[^:]*": "/, "", line); sub(/",?$/, "", line); return line }
        function key(line) { sub(/^ *"/, "", line); sub(/": .*/, "", line); return line }
        /^        \{$/ { name = space = node = phase = gone = app = named = part = ""; count = at = 0; part = "controller"
                          legacy = ""; split("", image); split("", inner); split("", words) }
        /^            "[a-z]+": \{$/ { section = key($0) }
        section == "metadata" && /^                "name": / { name = value($0) }
        section == "metadata" && /^                "namespace": / { space = value($0) }
        section == "metadata" && /^                "deletionTimestamp": / { gone = 1 }
        section == "metadata" && /^                "[a-zA-Z]+": [{[]$/ { block = key($0) }
        section == "metadata" && block == "labels" && /^                    "/ {
            label = key($0)
            if (label == "k8s-app") app = value($0)
            if (label == "component" && app == "") app = value($0)
            if (label == "app") legacy = value($0)
            if (label == "app.kubernetes.io/name") named = value($0)
            if (label == "app.kubernetes.io/component") part = value($0)
        }
        section == "spec" && /^                "nodeName": / { node = value($0) }
        section == "spec" && /^                "[a-zA-Z]+": / { block = key($0) }
        section == "spec" && block == "containers" && /^                    \{$/ { count++ }
        section == "spec" && block == "containers" && /^                        "/ {
            field = key($0)
            if (field == "image") image[count] = value($0)
            if (field == "name") inner[count] = value($0)
        }
        section == "spec" && block == "containers" && /^                            "/ && (field == "args" || field == "command") {
            word = $0; sub(/^ *"/, "", word); sub(/",?$/, "", word); words[count] = words[count] " " word
        }
        section == "status" && /^                "phase": / { phase = value($0) }
        /^        \},?$/ {
            if (phase != "Running" || gone) next
            if (space == "kube-system" && (app ~ /^kube-proxy/ || name ~ /^kube-proxy/))
                print "proxy", space, name, node, inner[1]
            for (i = 1; i <= count && !at; i++)
                if (image[i] ~ /ingress-nginx\/controller|nginx-ingress-controller/) at = i
            if (!at && (legacy == "ingress-nginx" || named == "ingress-nginx")) at = 1
            if (at && part == "controller") print "ingress", space, name, node, inner[at] words[at]
        }' "$out/kubernetes/pods.json" >"$work/facts"
}

node_names() {
    if [ -n "$nodes" ]; then
        printf '%s\n' $nodes
        return
    fi
    {
        [ ! -f "$out/kubernetes/nodes.json" ] || awk '
            /^            "[a-z]+": \{$/ { section = $1 }
            section == "\"metadata\":" && /^                "name": / { sub(/^[^:]*": "/, ""); sub(/",?$/, ""); print }
        ' "$out/kubernetes/nodes.json"
        awk '$1 == "proxy" { print $4 }' "$work/facts"
    } | sort -u
}

# Takes the documents out of $work/frames into a directory.
take() { # directory where
    mkdir -p "$out/$1"
    awk -v mark="$mark" -v dir="$out/$1" -v ok="$documents" '
        BEGIN { n = split(ok, list, " "); for (i = 1; i <= n; i++) known[list[i]] = 1 }
        index($0, mark " begin ") == 1 {
            name = substr($0, length(mark) + 8); file = ""
            if (name in known) { file = dir "/" name ".part"; printf "" >file; first = 1 }
            next
        }
        index($0, mark " end ") == 1 {
            if (file != "") { close(file); print substr($0, length(mark) + 6) }
            file = ""
            next
        }
        file != "" { if (!first) printf "\n" >file; printf "%s", $0 >file; first = 0 }
    ' "$work/frames" >"$work/ended"
    while read -r name status; do
        case $status in
            0) mv "$out/$1/$name.part" "$out/$1/$name" ;;
            127) gap "$1/$name" absent "$2 lacks the tool that prints it" ;;
            *) gap "$1/$name" failed "its command in $2 ended with status $status" ;;
        esac
    done <"$work/ended"
    rm -f "$out/$1"/*.part
}

inside() { # script directory namespace pod container
    mark=podpath-$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    if k exec -n "$3" "$4" -c "$5" -- sh -c "M='$mark'
$(cat "$work/frame.sh" "$work/$1.sh")" >"$work/frames" 2>"$work/err" </dev/null; then
        :
    elif ! grep -q "^$mark end " "$work/frames"; then
        failed "$2/*" "create pods/exec in $3"
        rmdir "$out/$2" 2>/dev/null
        return 1
    fi
    take "$2" "pod $3/$4"
}

node_documents='@NODE_DOCUMENTS@'
if [ -n "$here" ]; then
    mark=podpath-$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    documents=$node_documents
    sh -c "M='$mark'
$(cat "$work/frame.sh" "$work/node.sh")" >"$work/frames" 2>"$work/err"
    take "nodes/$here" "this node"
    exit 0
fi

@LISTS@
: >"$work/facts"
facts
printf '%s\n' @CONFIG_MAPS@ >"$work/maps"
while read -r what space name node container words; do
    [ "$what" = ingress ] || continue
    for word in $words; do
        case $word in
            --configmap=* | --tcp-services-configmap=* | --udp-services-configmap=*)
                printf '%s\n' "${word#*=}" | sed "s|\$(POD_NAMESPACE)|$space|" >>"$work/maps"
                ;;
        esac
    done
    echo "ingress controller $space/$name" >&2
    documents='nginx.conf backends.json'
    inside ingress "ingress/$space/$name" "$space" "$name" "$container"
done <"$work/facts"
config_maps

documents=$node_documents
node_names >"$work/nodes"
while read -r node; do
    echo "node $node" >&2
    awk -v node="$node" '$1 == "proxy" && $4 == node { print $2, $3, $5; exit }' "$work/facts" >"$work/proxy"
    if read -r space name container <"$work/proxy"; then
        inside node "nodes/$node" "$space" "$name" "$container"
    else
        gap "nodes/$node/*" absent "no kube-proxy pod runs on it; run this script there: sh capture.sh --on-this-node $node"
    fi
done <"$work/nodes"

{
    printf 'formatVersion: 1\ncapturedAt: "%s"\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    name=$(k config view --minify -o 'jsonpath={.contexts[0].context.cluster}' 2>/dev/null | clean)
    version=$(k get --raw /version 2>/dev/null | sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p' | clean)
    printf 'cluster:\n  name: "%s"\n  version: "%s"\n' "$name" "$version"
    if [ -s "$work/gaps" ]; then
        echo notCaptured:
        cat "$work/gaps"
    fi
} >"$out/podpath.yaml"
echo "snapshot in $out" >&2
