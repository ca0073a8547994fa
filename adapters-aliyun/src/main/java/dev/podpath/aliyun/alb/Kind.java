package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.response.Api;

/** The two kinds, and the APIs that show them. */
enum Kind {
    /** Application load balancers: HTTP, HTTPS and QUIC, with rules. */
    ALB(Api.ALB, Api.ALB_ONE, Api.ALB_LISTENERS, Api.ALB_GROUPS, Api.ALB_SERVERS, Api.ALB_HEALTH),
    /** Network load balancers: TCP, UDP and TLS over TCP. */
    NLB(Api.NLB, Api.NLB_ONE, Api.NLB_LISTENERS, Api.NLB_GROUPS, Api.NLB_SERVERS, Api.NLB_HEALTH);

    private final Api list;
    private final Api one;
    private final Api listeners;
    private final Api groups;
    private final Api servers;
    private final Api health;

    Kind(Api list, Api one, Api listeners, Api groups, Api servers, Api health) {
        this.list = list;
        this.one = one;
        this.listeners = listeners;
        this.groups = groups;
        this.servers = servers;
        this.health = health;
    }

    Api list() {
        return list;
    }

    Api one() {
        return one;
    }

    Api listeners() {
        return listeners;
    }

    Api groups() {
        return groups;
    }

    Api servers() {
        return servers;
    }

    Api health() {
        return health;
    }
}
