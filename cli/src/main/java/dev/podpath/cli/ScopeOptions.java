package dev.podpath.cli;

import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.NodeScope;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** From where something is captured, and with which means; what {@code capture} and {@code trace --live} share. */
final class ScopeOptions {
    /** An image with a shell and chroot; the node's own tools are used. */
    static final String NODE_POD_IMAGE = "busybox:1.36";

    @CommandLine.Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Context of the kubeconfig. Default: its current one.")
    private @Nullable String context;

    @CommandLine.Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig. Default: KUBECONFIG, ~/.kube/config, else the pod's own account.")
    private @Nullable Path kubeconfig;

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            split = ",",
            description = "Only these namespaces. Default: all.")
    private List<String> namespaces = new ArrayList<>();

    @CommandLine.Option(
            names = "--node-pods",
            description = "Where kube-proxy's pod lacks the tools: make a short-lived privileged pod on the node,"
                    + " shown before it is made, deleted afterwards.")
    private boolean nodePods;

    @CommandLine.Option(
            names = "--node-pod-image",
            paramLabel = "IMAGE",
            description = "Image of that pod; needs sh and chroot. Default: " + NODE_POD_IMAGE)
    private String nodePodImage = NODE_POD_IMAGE;

    @CommandLine.Option(
            names = "--parallel",
            paramLabel = "N",
            description = "How many nodes, or requests to a cloud, at a time, 1 to 64. Default: 8.")
    private int parallel = 8;

    @CommandLine.Mixin
    private CloudOptions clouds = new CloudOptions();

    /** What is to be captured; or which option cannot be. */
    Either<String, CaptureScope> scope(NodeScope nodes) {
        return clouds.into(builder(nodes)).map(CaptureScope.Builder::build);
    }

    private CaptureScope.Builder builder(NodeScope nodes) {
        return CaptureScope.builder()
                .namespaces(Vector.ofAll(namespaces))
                .nodes(nodes)
                .context(Option.of(context))
                .kubeconfig(Option.of(kubeconfig))
                .nodePodImage(nodePods ? Option.some(nodePodImage) : Option.none())
                .parallelism(Math.max(1, Math.min(64, parallel)));
    }
}
