package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;

/** An extent that is a box. */
record Narrowing(Box box) implements Extent {
    @Override
    public void narrow(int field, long high, long low, long fromHigh, long fromLow, long toHigh, long toLow) {
        box.narrow(field, high, low, fromHigh, fromLow, toHigh, toLow);
    }

    @Override
    public void among(int field, int port, Ranges same, int from, int to) {
        box.narrow(field, 0, port, 0, from, 0, to);
    }

    @Override
    public void alike(int field, long high, long low, Cuts cuts) {
        cuts.narrow(box, field, high, low);
    }

    @Override
    public void other() {}

    @Override
    public boolean isSettled(int field) {
        return box.isSingle(field);
    }

    @Override
    public void pin(int field, long high, long low) {
        box.pin(field, high, low);
    }
}
