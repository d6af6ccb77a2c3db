package pcap

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// simulation makes captures of connections whose truth is known.
type simulation struct {
	rng     *rand.Rand
	calm    bool // nothing that tshark does not cope with
	packets []simulated
}

// simulated is a packet of a connection.
type simulated struct {
	conn *simConn
	seg  segment
}

// simConn is a connection and all that was said on it.
type simConn struct {
	sim     *simulation
	ends    [2]netip.AddrPort // client, server
	first   [2]uint32
	sent    [2][]byte
	acked   [2]int // of sent, as the other side has said
	done    bool
	fin     [2]bool
	err     error
	http    bool
	want    [2][]message
	packets []simulated
}

// put adds a packet with the bytes from..to of a side.
func (c *simConn) put(side, from, to int, flags byte) {
	s := segment{src: c.ends[side], dst: c.ends[1-side], seq: c.first[side] + 1 + uint32(from), flags: flags, data: bytes.Clone(c.sent[side][from:to])}
	if flags&flagSYN != 0 {
		s.seq--
	}
	if flags&flagACK != 0 {
		s.ack = c.first[1-side] + 1 + uint32(c.acked[1-side])
		if c.fin[1-side] && c.acked[1-side] == len(c.sent[1-side]) {
			s.ack++
		}
	}
	c.packets = append(c.packets, simulated{conn: c, seg: s})
}

// ack has a side acknowledge what it got, or not all of it.
func (c *simConn) ack(side int, all bool) {
	o := 1 - side
	c.acked[o] += c.sim.rng.IntN(len(c.sent[o]) - c.acked[o] + 1)
	if all {
		c.acked[o] = len(c.sent[o])
	}
}

// say has a side send bytes, in segments, with what happens to segments.
func (c *simConn) say(side int, data []byte) {
	rng := c.sim.rng
	c.ack(side, true) // it has read what it answers to
	from := len(c.sent[side])
	c.sent[side] = append(c.sent[side], data...)
	mss := 1 + rng.IntN(1460)
	if c.sim.calm {
		mss = 1460
	}
	if rng.IntN(3) == 0 {
		mss = 9000
	}
	for at := from; at < len(c.sent[side]); {
		to := min(at+1+rng.IntN(mss), len(c.sent[side]))
		c.put(side, at, to, flagACK|flagPSH)
		if rng.IntN(20) == 0 && !c.sim.calm { // again, with other bounds
			start := max(from, at-rng.IntN(3000))
			c.put(side, start, start+rng.IntN(to-start)+1, flagACK)
		}
		if rng.IntN(4) == 0 {
			c.acked[side] = max(c.acked[side], to-rng.IntN(to-at+1))
			c.put(1-side, len(c.sent[1-side]), len(c.sent[1-side]), flagACK)
		}
		at = to
	}
	if n := len(c.sent[side]); rng.IntN(10) == 0 && n > 0 && !c.sim.calm { // keeps it alive
		c.put(side, n-1, n-rng.IntN(2), flagACK)
	}
}

// exchange is a request and its answer.
func (c *simConn) exchange(n int) {
	rng := c.sim.rng
	body := func() string {
		sizes := []int{0, 1, 10, 500, 5000, 40_000}
		b := make([]byte, rng.IntN(sizes[rng.IntN(len(sizes))]+1))
		for i := range b {
			b[i] = "abcdefghijklmnop\n"[rng.IntN(17)]
		}
		return string(b)
	}
	pipelined := 1
	if !c.sim.calm {
		pipelined += max(rng.IntN(8)-6, 0)
	}
	var requests, responses strings.Builder
	for i := range pipelined {
		req := message{start: fmt.Sprintf("POST /%d/%d", n, i), body: body()}
		resp := message{start: strconv.Itoa(200 + rng.IntN(3)), body: body()}
		fmt.Fprintf(&requests, "%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", req.start, len(req.body), req.body)
		if rng.IntN(2) == 0 {
			fmt.Fprintf(&responses, "HTTP/1.1 %s Fine\r\nContent-Length: %d\r\n\r\n%s", resp.start, len(resp.body), resp.body)
		} else {
			fmt.Fprintf(&responses, "HTTP/1.1 %s Fine\r\nTransfer-Encoding: chunked\r\n\r\n", resp.start)
			for rest := resp.body; rest != ""; {
				k := 1 + rng.IntN(len(rest))
				fmt.Fprintf(&responses, "%x\r\n%s\r\n", k, rest[:k])
				rest = rest[k:]
			}
			responses.WriteString("0\r\n\r\n")
		}
		c.want[0] = append(c.want[0], req)
		c.want[1] = append(c.want[1], resp)
	}
	c.say(0, []byte(requests.String()))
	c.say(1, []byte(responses.String()))
}

// live plays a whole connection.
func (c *simConn) live() {
	rng := c.sim.rng
	c.put(0, 0, 0, flagSYN)
	c.put(1, 0, 0, flagSYN|flagACK)
	c.put(0, 0, 0, flagACK)
	if c.http = rng.IntN(8) > 0; !c.http {
		c.say(0, []byte("\x16\x03\x01 something else"))
		c.say(1, []byte("\x16\x03\x03 indeed"))
	} else {
		for n := range 1 + rng.IntN(6) {
			c.exchange(n)
		}
	}
	switch end := rng.IntN(6); {
	case end == 0: // goes on
	case end == 1:
		side := rng.IntN(2)
		c.ack(side, true)
		c.put(side, len(c.sent[side]), len(c.sent[side]), flagRST|flagACK)
		c.err = []error{errClientReset, errServerReset}[side]
		c.done = true
	default:
		first := rng.IntN(2)
		for _, side := range []int{first, 1 - first} {
			c.ack(side, true)
			n := len(c.sent[side])
			c.put(side, n, n, flagFIN|flagACK)
			c.fin[side] = true
		}
		c.ack(first, true)
		c.put(first, len(c.sent[first]), len(c.sent[first]), flagACK)
		c.packets[len(c.packets)-1].seg.seq++ // behind its FIN
		c.done = true
	}
}

// simulate makes n connections, some of which have the addresses of ended ones.
func simulate(seed uint64, n int, calm bool) (*simulation, []*simConn) {
	sim := &simulation{rng: rand.New(rand.NewPCG(seed, 1)), calm: calm}
	rng := sim.rng
	var conns []*simConn
	for i := range n {
		c := &simConn{sim: sim, first: [2]uint32{rng.Uint32(), rng.Uint32()}}
		if rng.IntN(3) == 0 {
			c.first = [2]uint32{-uint32(rng.IntN(5000)), -uint32(rng.IntN(5000))}
		}
		c.ends = [2]netip.AddrPort{netip.AddrPortFrom(clientEnd.Addr(), uint16(10_000+i)), serverEnd}
		if i%4 == 1 {
			c.ends = [2]netip.AddrPort{netip.MustParseAddrPort(fmt.Sprintf("[2001:db8::1]:%d", 10_000+i)), netip.MustParseAddrPort("[2001:db8::2]:2375")}
		}
		c.live()
		conns = append(conns, c)
	}
	sim.interleave(conns)
	return sim, conns
}

// interleave puts the packets of all connections into one order, in which
// some are as many places from where they were as displace says.
func (sim *simulation) interleave(conns []*simConn) {
	rng := sim.rng
	left := slices.Clone(conns)
	for _, c := range conns {
		if !sim.calm {
			c.packets = displaced(rng, c.packets)
		}
	}
	for len(left) > 0 {
		i := rng.IntN(len(left))
		c := left[i]
		k := min(1+rng.IntN(3), len(c.packets))
		sim.packets = append(sim.packets, c.packets[:k]...)
		if c.packets = c.packets[k:]; len(c.packets) == 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
}

// displaced moves one of ten packets behind some that follow it, and has one of
// twenty come twice. The handshake stays where it is.
func displaced(rng *rand.Rand, packets []simulated) []simulated {
	type place struct {
		simulated
		at float64
	}
	var all []place
	for i, p := range packets {
		at := float64(i)
		if i > 2 && rng.IntN(10) == 0 {
			at += 0.5 + float64(rng.IntN(6))
		}
		all = append(all, place{p, at})
		if rng.IntN(20) == 0 {
			all = append(all, place{p, at + float64(rng.IntN(4))})
		}
	}
	slices.SortStableFunc(all, func(a, b place) int { return int(2 * (a.at - b.at)) })
	out := make([]simulated, len(all))
	for i, p := range all {
		out[i] = p.simulated
	}
	return out
}

// file returns the packets as an Ethernet capture: with noise, VLANs, tunnels
// and fragments.
func (sim *simulation) file() []byte {
	rng := sim.rng
	now := captured
	var all []frame
	for i, p := range sim.packets {
		now = now.Add(time.Duration(1+rng.IntN(100)) * time.Microsecond)
		ip := appendPacket(nil, &p.seg)
		typ := uint16(0x800)
		parts := [][]byte{ip}
		if p.seg.src.Addr().Is6() {
			typ = 0x86dd
			if rng.IntN(30) == 0 && len(ip) > 100 {
				parts = fragments6(ip, byte(i), 8*(5+rng.IntN(100)))
			}
		} else if rng.IntN(30) == 0 && len(ip) > 100 {
			parts = fragments4(ip, uint16(i), 8*(5+rng.IntN(100)))
		}
		rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		for _, b := range parts {
			switch rng.IntN(12) {
			case 0:
				b = framed(0x8100, append(binary.BigEndian.AppendUint16([]byte{0, 7}, typ), b...))
			case 1:
				b = framed(0x800, outer(17, datagram(4789, append([]byte{8, 0, 0, 0, 0, 0, 1, 0}, framed(typ, b)...))))
			case 2:
				b = framed(0x800, outer(47, append(binary.BigEndian.AppendUint16([]byte{0, 0}, typ), b...)))
			default:
				b = framed(typ, b)
			}
			all = append(all, frame{now, b, len(b)})
		}
		if rng.IntN(20) == 0 {
			noise := framed(0x806, make([]byte, 28))
			all = append(all, frame{now, noise, len(noise)})
		}
	}
	return pcapFile(binary.LittleEndian, time.Nanosecond, 1, all)
}

// begun returns the connections in the order of their first packets.
func (sim *simulation) begun() []*simConn {
	var all []*simConn
	for _, p := range sim.packets {
		if !slices.Contains(all, p.conn) {
			all = append(all, p.conn)
		}
	}
	return all
}
