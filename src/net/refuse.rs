//! Addresses that an upstream calendar never has.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Is this an address that is not on the public internet?
///
/// Private, loopback, link-local, shared (RFC 6598), documentation, benchmarking, multicast and
/// reserved ones; and IPv6 forms that carry such an IPv4 address inside (mapped, translated by
/// RFC 6052, 6to4, Teredo).
#[must_use]
pub fn is_refused(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_refused_v4(v4),
        IpAddr::V6(v6) => is_refused_v6(v6),
    }
}

fn is_refused_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    v4.is_unspecified()
        || v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
}

fn is_refused_v6(v6: Ipv6Addr) -> bool {
    let parts = v6.segments();
    let [a, b, c, .., high, low] = parts;
    let inner = |high: u16, low: u16| is_refused_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match (a, b) {
        // Addresses translated to IPv4 (RFC 6052): what counts is the one inside.
        (0x64, 0xff9b) if parts.get(2..6) == Some(&[0; 4]) => inner(high, low),
        (0x2002, _) => inner(b, c),
        // Teredo, benchmarking, ORCHID and the rest of 2001::/23, and the two documentation prefixes.
        (0x2001, 0..0x200 | 0xdb8) | (0x3fff, 0..0x1000) => true,
        // Global unicast is 2000::/3 and nothing else: not unspecified, loopback, mapped, local or multicast.
        _ => !(0x2000..=0x3fff).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_private_address_is_let_through_in_any_of_its_forms() {
        let refused = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 169.254.0.1 169.254.169.254 \
            172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 \
            198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::2 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 \
            ::ffff:169.254.169.254 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 64:ff9b:1::808:808 100::1 2001::1 \
            2001:0:7f00:1::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2001:db8:ffff::1 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:1::1 \
            3fff::1 4000::1 5f00::1 fc00::1 fd00::1 fdff:ffff::1 fe80::1 fe80::ffff:1 febf::1 fec0::1 ff00::1 ff02::1 ff05::2 ff0e::1";
        assert!(refused.split_whitespace().count() >= 60);
        for text in refused.split_whitespace() {
            assert!(is_refused(text.parse().expect(text)), "{text}");
        }
    }

    #[test]
    fn public_addresses_are_let_through() {
        for text in [
            "8.8.8.8",
            "93.184.216.34",
            "100.63.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1",
            "2a00:1450::1",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(!is_refused(text.parse().expect(text)), "{text}");
        }
    }
}
