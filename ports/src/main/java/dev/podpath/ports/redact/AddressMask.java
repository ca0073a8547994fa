package dev.podpath.ports.redact;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.collection.Vector;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces addresses one to one, keyed, so that two that share a prefix of n bits still do (the scheme of Xu, Fan, Ammar and
 * Moon, "Prefix-Preserving IP Address Anonymization", 2002). Ranges with a meaning of their own (IANA special-purpose
 * registries, RFC 6890) keep it: private stays private in the same block; what names no one (loopback, link-local, multicast,
 * all-ones) stays as it is. For one thread.
 */
final class AddressMask {
    private static final int MOST_KNOWN = 500_000;

    /** Blocks that addresses stay in; inside they change. */
    private static final Vector<IpPrefix> KEPT = Vector.of(
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "192.0.2.0/24",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "fc00::/8",
                    "fd00::/8",
                    "2001:db8::/32",
                    "2000::/3")
            .map(IpPrefix::of);

    /** Blocks that do not change. */
    private static final Vector<IpPrefix> FIXED = Vector.of(
                    "0.0.0.0/8",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "192.0.0.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/16",
                    "64:ff9b::/96",
                    "fe80::/10",
                    "ff00::/8")
            .map(IpPrefix::of);

    private static final Vector<IpPrefix> SPECIAL = KEPT.appendAll(FIXED);

    private final Cipher cipher;
    private final Map<IpAddress, IpAddress> known = new HashMap<>();

    /** With a key of 16 bytes. */
    AddressMask(byte[] key) {
        try {
            this.cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address that stands for this one. */
    IpAddress of(IpAddress address) {
        IpAddress done = known.get(address);
        if (done == null) {
            done = FIXED.exists(block -> block.contains(address)) ? address : mask(address);
            if (known.size() < MOST_KNOWN) {
                known.put(address, done);
            }
        }
        return done;
    }

    /** The network that stands for this one; bits behind its length that are zero stay so. */
    IpAddress of(IpPrefix prefix) {
        IpAddress address = prefix.address();
        IpAddress network = cleared(address, prefix.length());
        return address.equals(network) ? cleared(of(address), prefix.length()) : of(address);
    }

    private IpAddress mask(IpAddress address) {
        int bits = address.bits();
        long high = 0;
        long low = 0;
        for (int i = 0; i < bits; i++) {
            long bit = bit(address, i) ^ (kept(address, i) ? 0 : random(address, i));
            int shift = bits - 1 - i;
            if (shift >= 64) {
                high |= bit << shift - 64;
            } else {
                low |= bit << shift;
            }
        }
        return address.isV6() ? IpAddress.v6(high, low) : IpAddress.v4((int) low);
    }

    /** Whether the bit after these first ones leads into a special block or past it. */
    private static boolean kept(IpAddress address, int length) {
        for (IpPrefix block : SPECIAL) {
            if (block.address().isV6() == address.isV6()
                    && block.length() > length
                    && cleared(block.address(), length).equals(cleared(address, length))) {
                return true;
            }
        }
        return false;
    }

    private long random(IpAddress address, int length) {
        IpAddress prefix = cleared(address, length);
        byte[] block = new byte[16];
        long first = prefix.isV6() ? prefix.high() : prefix.low() << 32;
        long second = prefix.isV6() ? prefix.low() : 0;
        for (int i = 0; i < 8; i++) {
            block[i] = (byte) (first >>> 56 - 8 * i);
            block[8 + i] = (byte) (second >>> 56 - 8 * i);
        }
        // The length tells prefixes of zeros apart; the family tells IPv4 from IPv6.
        block[15] ^= (byte) length;
        block[14] ^= (byte) (prefix.isV6() ? 0x66 : 0x33);
        try {
            return cipher.doFinal(block)[0] & 1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long bit(IpAddress address, int i) {
        int shift = address.bits() - 1 - i;
        return shift >= 64 ? address.high() >>> shift - 64 & 1 : address.low() >>> shift & 1;
    }

    private static IpAddress cleared(IpAddress address, int length) {
        if (!address.isV6()) {
            return IpAddress.v4(length == 0 ? 0 : address.v4Bits() & -1 << 32 - length);
        }
        long high = length == 0 ? 0 : length >= 64 ? address.high() : address.high() & -1L << 64 - length;
        long low = length <= 64 ? 0 : address.low() & -1L << 128 - length;
        return IpAddress.v6(high, low);
    }
}
