package pcap

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/wire"
)

const (
	get = "GET / HTTP/1.1\r\n\r\n"  // 18 bytes
	ok  = "HTTP/1.1 200 OK\r\n\r\n" // 19 bytes
)

// begun is the beginning of a connection: its handshake, and get. What
// follows it begins at 10 ms.
func begun(more ...pkt) []pkt { return append(append([]pkt{}, hello[:4]...), more...) }

// saidGet is what a tap is shown of begun.
const saidGet = "3 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n"

var tcpTests = []struct {
	name    string
	packets []pkt
	want    string // what taps are shown, one after the other
	stats   Stats
}{
	{
		"open at the end", begun(),
		saidGet + "3 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"out of order", begun(
			pkt{dir: '<', seq: 5, data: "1.1 200 OK\r\n\r\n", ack: 18, at: 10},
			pkt{dir: '<', seq: 19, data: "more", ack: 18, at: 11},
			pkt{dir: '<', data: "HTTP/", ack: 18, at: 12},
		),
		saidGet + "12 < \"HTTP/\"\n12 < \"1.1 200 OK\\r\\n\\r\\n\"\n12 < \"more\"\n12 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"sent again, with other bounds", begun(
			pkt{dir: '<', data: ok[:10], ack: 18, at: 10},
			pkt{dir: '<', data: ok[:10], ack: 18, at: 11},
			pkt{dir: '<', seq: 5, data: ok[5:], ack: 18, at: 12},
			pkt{dir: '<', data: ok, ack: 18, at: 13},
		),
		saidGet + "10 < \"HTTP/1.1 2\"\n12 < \"00 OK\\r\\n\\r\\n\"\n13 end: trace stopped\n", Stats{Connections: 1, Repeated: 2},
	}, {
		"overlapping while held", begun(
			pkt{dir: '<', seq: 10, data: ok[10:], ack: 18, at: 10},
			pkt{dir: '<', seq: 4, data: ok[4:12], ack: 18, at: 11},
			pkt{dir: '<', seq: 4, data: ok[4:8], ack: 18, at: 12},
			pkt{dir: '<', seq: 12, data: ok[12:], ack: 18, at: 12},
			pkt{dir: '<', data: ok[:6], ack: 18, at: 13},
		),
		saidGet + "13 < \"HTTP/1\"\n13 < \".1 200\"\n13 < \" OK\\r\\n\\r\\n\"\n13 end: trace stopped\n", Stats{Connections: 1, Repeated: 2},
	}, {
		"what waits behind a gap keeps its times", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '>', seq: 23, data: get, ack: 19, at: 12},
			pkt{dir: '<', seq: 19, data: ok, ack: 41, at: 13},
			pkt{dir: '>', seq: 41, data: get, ack: 38, at: 15},
			pkt{dir: '<', seq: 38, data: ok, ack: 59, at: 16},
			pkt{dir: '>', seq: 59, data: get, ack: 57, at: 3000},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n12 > lost 5\n12 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n13 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n15 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n16 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3000 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3000 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: 5},
	}, {
		"captured twice",
		[]pkt{hello[0], hello[0], hello[1], hello[1], hello[2], hello[2], hello[3], hello[3], hello[4], hello[4], hello[5], hello[5], hello[6], hello[6], hello[7], hello[7]},
		helloSaid, Stats{Connections: 1, Repeated: 5},
	}, {
		"an answer before its request", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '<', data: ok, ack: 18, at: 10},
			{dir: '>', data: get, at: 11},
		},
		"11 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n11 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"the next request before the answer", begun(
			pkt{dir: '>', seq: 18, data: get, ack: 19, at: 10},
			pkt{dir: '<', data: ok, ack: 18, at: 9},
		),
		saidGet + "9 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n10 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n10 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"each acknowledges the other", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '<', data: ok, ack: 18, at: 10},
			{dir: '>', data: get, ack: 19, at: 11},
		},
		"11 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n11 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"a gap, acknowledged", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '<', seq: 29, data: "behind", ack: 18, at: 11},
			pkt{dir: '>', seq: 18, ack: 35, at: 12},
			pkt{dir: '<', seq: 35, data: "held", ack: 18, at: 50},
			pkt{dir: '<', seq: 39, data: "long ago", ack: 18, at: 112},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 < lost 10 \"behind\"\n50 < \"held\"\n112 < \"long ago\"\n112 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 10},
	}, {
		"a gap, acknowledged, then filled", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '<', seq: 29, data: "behind", ack: 18, at: 11},
			pkt{dir: '>', seq: 18, ack: 35, at: 12},
			pkt{dir: '<', seq: 19, data: "0123456789", ack: 18, at: 50},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n50 < \"0123456789\"\n50 < \"behind\"\n50 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"a gap, never acknowledged", begun(
			pkt{dir: '<', seq: 29, data: "behind", ack: 18, at: 11},
			pkt{dir: '<', seq: 35, data: "again", ack: 18, at: 29_000},
			pkt{dir: '<', seq: 40, data: "and again", ack: 18, at: 31_000},
		),
		saidGet + "11 < lost 29 \"behind\"\n29000 < \"again\"\n31000 < \"and again\"\n31000 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 29},
	}, {
		"a gap, acknowledged in part", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '<', seq: 29, data: "behind", ack: 18, at: 11},
			pkt{dir: '>', seq: 18, ack: 24, at: 12},
			pkt{dir: '<', seq: 35, data: "held", ack: 18, at: 111},
			pkt{dir: '<', seq: 39, data: "longer", ack: 18, at: 112},
			pkt{dir: '<', seq: 24, data: "01234", ack: 18, at: 113},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n113 < lost 5 \"01234\"\n113 < \"behind\"\n113 < \"held\"\n113 < \"longer\"\n113 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: 5},
	}, {
		"acknowledged as far as can be", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '>', seq: 18, ack: window, at: 11},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 < lost 1073741805\n11 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: window - 19},
	}, {
		"acknowledged farther", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '>', seq: 18, ack: window + 1, at: 11},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"acknowledged as far as can be, at first", []pkt{
			{dir: '<', seq: 900, data: ok, ack: 518, at: 1},
			{dir: '>', seq: 518, data: get, ack: 919 + window, at: 2},
		},
		"1 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n2 < lost 1073741824\n2 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n2 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: window},
	}, {
		"acknowledged farther, at first", []pkt{
			{dir: '<', seq: 900, data: ok, ack: 518, at: 1},
			{dir: '>', seq: 518, data: get, ack: 920 + window, at: 2},
		},
		"1 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n2 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n2 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"a gap at the end", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '<', seq: 29, data: "behind", ack: 18, at: 11},
			pkt{dir: '<', seq: 40, data: "twice", ack: 18, at: 12},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 < lost 10 \"behind\"\n12 < lost 5 \"twice\"\n12 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 2, LostBytes: 15},
	}, {
		"the first SYN is missing, and the client is in disorder", []pkt{
			hello[1],
			{dir: '>', seq: 3, data: get[3:], at: 2},
			{dir: '>', data: get[:3], at: 3},
			{dir: '<', data: ok, ack: 18, at: 4},
		},
		"3 > \"GET\"\n3 > \" / HTTP/1.1\\r\\n\\r\\n\"\n4 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n4 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"the first SYN is missing, and what was said at first", []pkt{
			hello[1],
			{dir: '>', seq: 18, data: get, at: 2},
			{dir: '<', data: ok, ack: 36, at: 3},
		},
		"2 > lost 18 \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: 18},
	}, {
		"no gap, but a reset before what came behind it", begun(
			pkt{dir: '<', seq: 5, data: ok[5:], ack: 18, at: 10},
			pkt{dir: '>', seq: 18, data: get, ack: 19, at: 11},
			pkt{dir: '<', flags: "R", seq: 5, at: 12},
			pkt{dir: '<', data: ok[:5], ack: 18, at: 13},
		),
		saidGet + "13 < \"HTTP/\"\n13 < \"1.1 200 OK\\r\\n\\r\\n\"\n13 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n13 end: connection reset by the server\n", Stats{Connections: 1},
	}, {
		"the request is missing", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '<', data: ok, ack: 18, at: 10},
			{dir: '>', seq: 18, data: get, ack: 19, at: 200},
			{dir: '<', seq: 19, data: ok, ack: 36, at: 201},
		},
		"10 > lost 18\n10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n200 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n201 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n201 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 18},
	}, {
		"the last answer is missing", begun(
			pkt{dir: '>', seq: 18, ack: 19, at: 10},
			pkt{dir: '>', flags: "F", seq: 18, ack: 19, at: 11},
		),
		saidGet + "11 < lost 19\n11 > eof\n11 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: 19},
	}, {
		"only the client", []pkt{
			hello[0], hello[2], hello[3],
			{dir: '>', seq: 18, ack: 19, at: 10},
			{dir: '>', seq: 18, data: get, ack: 19, at: 11},
			{dir: '>', flags: "F", seq: 36, ack: 38, at: 12},
		},
		saidGet + "10 < lost 19\n11 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n12 < lost 19\n12 > eof\n12 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 2, LostBytes: 38},
	}, {
		"only the server", []pkt{
			hello[1],
			{dir: '<', data: ok, ack: 18, at: 10},
			{dir: '<', seq: 19, data: ok, ack: 36, at: 11},
			{dir: '<', flags: "F", seq: 38, ack: 36, at: 12},
		},
		"10 > lost 18\n10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 > lost 18\n11 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n12 < eof\n12 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 2, LostBytes: 36},
	}, {
		"only the client, all of it", []pkt{
			hello[0], hello[2], hello[3],
			{dir: '>', seq: 18, ack: 19, at: 10},
			{dir: '>', flags: "F", seq: 18, ack: 19, at: 11},
			{dir: '>', seq: 19, ack: 20, at: 12},
		},
		saidGet + "10 < lost 19\n11 > eof\n12 < eof\n12 end\n", Stats{Connections: 1, Gaps: 1, LostBytes: 19},
	}, {
		"only the server, all of it", []pkt{
			hello[1],
			{dir: '<', data: ok, ack: 18, at: 10},
			{dir: '<', seq: 19, ack: 19, at: 11},
			{dir: '<', flags: "F", seq: 19, ack: 19, at: 12},
			{dir: '<', flags: "F", seq: 19, ack: 19, at: 13},
		},
		"10 > lost 18\n10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n12 < eof\n12 > eof\n12 end\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 18},
	}, {
		"only the server, and single bytes", []pkt{
			hello[1],
			{dir: '<', data: ok, ack: 18, at: 10},
			{dir: '<', seq: 19, data: "a", ack: 19, at: 11},
			{dir: '<', seq: 20, data: "b", ack: 20, at: 12},
			{dir: '<', seq: 21, data: "c", ack: 25, at: 13},
		},
		"10 > lost 18\n10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 < \"a\"\n12 > lost 2\n12 < \"b\"\n13 > lost 5\n13 < \"c\"\n13 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 3, LostBytes: 25},
	}, {
		"the last FIN is missing", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '>', flags: "F", seq: 18, ack: 19, at: 11},
			pkt{dir: '>', seq: 19, ack: 20, at: 13},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 > eof\n13 < eof\n13 end\n", Stats{Connections: 1},
	}, {
		"the last byte is missing", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '>', seq: 18, ack: 20, at: 13},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n13 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"begins in the middle, with a request", []pkt{
			{dir: '>', seq: 500, data: get, ack: 900, at: 1},
			{dir: '<', seq: 900, data: ok, ack: 518, at: 2},
			{dir: '>', flags: "F", seq: 518, ack: 919, at: 3},
		},
		"1 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n2 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 > eof\n3 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"begins in the middle, with the rest of a request, and another", []pkt{
			{dir: '>', seq: 100, data: "x\r\n\r\n", ack: 0, at: 1},
			{dir: '>', seq: 105, data: get, ack: 0, at: 2},
			{dir: '<', seq: 0, data: ok, ack: 123, at: 3},
		},
		"2 > lost 5 \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"the first request is missing", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '>', seq: 18, data: get, ack: 0, at: 3},
			{dir: '<', seq: 0, data: ok, ack: 36, at: 4},
			{dir: '<', seq: 19, data: ok, ack: 36, at: 500},
		},
		"3 > lost 18 \"GET / HTTP/1.1\\r\\n\\r\\n\"\n4 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n500 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n500 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 18},
	}, {
		"begins in the middle of an answer", []pkt{
			{dir: '<', seq: 900, data: "of a body", ack: 518, at: 2},
			{dir: '>', seq: 518, ack: 909, at: 3},
			{dir: '>', seq: 518, data: get, ack: 909, at: 4},
			{dir: '<', seq: 909, data: ok, ack: 536, at: 5},
		},
		"4 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n5 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n5 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"begins in the middle of both", []pkt{
			{dir: '<', seq: 900, data: "of a body", ack: 518, at: 2},
			{dir: '>', seq: 518, data: get, ack: 909, at: 4},
			{dir: '<', seq: 909, data: "of a body", ack: 518, at: 5},
		},
		"4 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n5 < lost -1 \"of a body\"\n5 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"begins with an answer", []pkt{
			{dir: '<', seq: 900, data: ok, ack: 518, at: 2},
			{dir: '>', seq: 518, data: get, ack: 919, at: 3},
		},
		"2 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"begins while it is kept alive", []pkt{
			{dir: '<', seq: 900, ack: 518, at: 1},
			{dir: '>', seq: 517, data: "\x00", ack: 900, at: 2},
			{dir: '>', seq: 517, ack: 900, at: 3},
			{dir: '>', seq: 518, data: get, ack: 900, at: 4},
		},
		"4 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n4 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"kept alive, and probes of a closed window", begun(
			pkt{dir: '>', seq: 17, at: 10},
			pkt{dir: '>', seq: 17, data: "\x00", at: 11},
			pkt{dir: '<', data: ok[:1], ack: 18, at: 12},
			pkt{dir: '<', data: ok[:1], ack: 18, at: 13},
			pkt{dir: '<', data: ok, ack: 18, at: 14},
		),
		saidGet + "12 < \"H\"\n14 < \"TTP/1.1 200 OK\\r\\n\\r\\n\"\n14 end: trace stopped\n", Stats{Connections: 1, Repeated: 2},
	}, {
		"reset by the server", begun(pkt{dir: '<', flags: "RA", ack: 18, at: 10}),
		saidGet + "10 end: connection reset by the server\n", Stats{Connections: 1},
	}, {
		"reset by the client, and what was under way", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '>', flags: "R", seq: 18, at: 11},
			pkt{dir: '<', seq: 19, data: "too late", ack: 18, at: 12},
			pkt{dir: '<', data: ok, ack: 18, at: 13},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 end: connection reset by the client\n", Stats{Connections: 1},
	}, {
		"a reset before the last bytes", begun(
			pkt{dir: '<', flags: "RA", seq: 19, ack: 18, at: 10},
			pkt{dir: '<', data: ok, ack: 18, at: 11},
		),
		saidGet + "11 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 end: connection reset by the server\n", Stats{Connections: 1},
	}, {
		"a reset behind a gap", begun(
			pkt{dir: '<', seq: 10, data: ok[10:], ack: 18, at: 10},
			pkt{dir: '<', flags: "RA", seq: 19, ack: 18, at: 11},
		),
		saidGet + "10 < lost 10 \"00 OK\\r\\n\\r\\n\"\n11 end: connection reset by the server\n", Stats{Connections: 1, Gaps: 1, LostBytes: 10},
	}, {
		"a reset of another connection", begun(
			pkt{dir: '<', flags: "RA", seq: 1 << 31, ack: 18, at: 10},
			pkt{dir: '<', data: ok, ack: 18, at: 11},
		),
		saidGet + "11 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 end: trace stopped\n", Stats{Connections: 1, Strays: 1},
	}, {
		"refused", []pkt{hello[0], {dir: '<', flags: "RA", seq: 77, at: 1}}, "", Stats{},
	}, {
		"FIN before the last bytes", begun(
			pkt{dir: '<', flags: "F", seq: 19, ack: 18, at: 10},
			pkt{dir: '<', data: ok, ack: 18, at: 11},
			pkt{dir: '>', flags: "F", seq: 18, ack: 20, at: 12},
		),
		saidGet + "11 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n11 < eof\n12 > eof\n12 end\n", Stats{Connections: 1},
	}, {
		"FIN with data", begun(pkt{dir: '<', flags: "F", data: ok, ack: 18, at: 10}),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\" eof\n10 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"FIN, then a reset", begun(
			pkt{dir: '<', flags: "F", data: ok, ack: 18, at: 10},
			pkt{dir: '<', flags: "R", seq: 20, at: 11},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\" eof\n11 end: connection reset by the server\n", Stats{Connections: 1},
	}, {
		"a reset, of a side that has said nothing", []pkt{
			{dir: '>', seq: 500, data: get, ack: 900, at: 1},
			{dir: '<', flags: "R", seq: 900, at: 2},
		},
		"1 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n2 end: connection reset by the server\n", Stats{Connections: 1},
	}, {
		"begins with FIN, where it might be kept alive", []pkt{
			{dir: '<', seq: 900, ack: 518, at: 1},
			{dir: '>', flags: "F", seq: 517, data: "x", ack: 900, at: 2},
			{dir: '>', seq: 518, data: get, ack: 900, at: 3},
		},
		"", Stats{NotHTTP: 1, Repeated: 1},
	}, {
		"begins with two bytes, where it might be kept alive", []pkt{
			{dir: '<', seq: 900, ack: 518, at: 1},
			{dir: '>', seq: 517, data: get[:2], ack: 900, at: 2},
		},
		"", Stats{NotHTTP: 1},
	}, {
		"kept alive, and nothing else", []pkt{
			{dir: '<', seq: 900, ack: 518, at: 1},
			{dir: '>', seq: 517, data: get[:1], ack: 900, at: 2},
		},
		"", Stats{},
	}, {
		"cut packets, sent again", begun(
			pkt{dir: '<', data: ok + "0123456789", ack: 18, at: 10, cut: 10},
			pkt{dir: '<', data: ok + "0123456789", ack: 18, at: 11, cut: 10},
			pkt{dir: '<', seq: 24, data: "56789and more", ack: 18, at: 12, cut: 4},
			pkt{dir: '<', seq: 29, data: "and more", ack: 18, at: 13, cut: 8},
			pkt{dir: '<', seq: 37, data: "x", ack: 18, at: 14},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n12 < lost 10 \"and \"\n14 < lost 4 \"x\"\n14 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 2, LostBytes: 14, Repeated: 2, Truncated: 4},
	}, {
		"held, and cut at another place", begun(
			pkt{dir: '<', seq: 9, data: ok[9:], ack: 18, at: 10},
			pkt{dir: '<', seq: 9, data: ok[9:13], ack: 18, at: 11},
			pkt{dir: '<', seq: 9, data: ok[9:] + "{}", ack: 18, at: 12},
			pkt{dir: '<', data: ok[:9], ack: 18, at: 14},
		),
		saidGet + "14 < \"HTTP/1.1 \"\n14 < \"200 OK\\r\\n\\r\\n\"\n14 < \"{}\"\n14 end: trace stopped\n", Stats{Connections: 1, Repeated: 1},
	}, {
		"held, and sent again with FIN", begun(
			pkt{dir: '<', seq: 9, data: ok[9:], ack: 18, at: 10},
			pkt{dir: '<', seq: 9, data: ok[9:], ack: 18, at: 11, flags: "F"},
			pkt{dir: '<', seq: 20, data: "behind the end", ack: 18, at: 12},
			pkt{dir: '<', seq: 15, data: ok[15:], ack: 18, at: 13},
			pkt{dir: '<', data: ok[:9], ack: 18, at: 14},
		),
		saidGet + "14 < \"HTTP/1.1 \"\n14 < \"200 OK\\r\\n\\r\\n\" eof\n14 end: trace stopped\n", Stats{Connections: 1, Repeated: 2, Strays: 1},
	}, {
		"half-close, then more", begun(
			pkt{dir: '>', flags: "F", seq: 18, at: 10},
			pkt{dir: '<', data: ok, ack: 19, at: 11},
			pkt{dir: '<', flags: "F", seq: 19, ack: 19, at: 12},
			pkt{dir: '>', seq: 19, ack: 20, at: 13},
			pkt{dir: '<', flags: "F", seq: 19, ack: 19, at: 14},
		),
		saidGet + "10 > eof\n11 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n12 < eof\n12 end\n", Stats{Connections: 1},
	}, {
		"cut packets", begun(
			pkt{dir: '<', data: ok + "0123456789", ack: 18, at: 10, cut: 10},
			pkt{dir: '<', seq: 29, data: "behind", ack: 18, at: 11, cut: 6},
			pkt{dir: '<', seq: 35, data: "whole", ack: 18, at: 12},
			pkt{dir: '<', seq: 40, data: "x", ack: 18, at: 13, cut: 1, flags: "F"},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n12 < lost 16 \"whole\"\n13 < lost 1 eof\n13 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 3, LostBytes: 17, Truncated: 3},
	}, {
		"cut within the request line, twice", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '>', data: get[:10], cut: 4, at: 3},
			{dir: '>', seq: 10, data: get[10:], cut: 2, at: 4},
			{dir: '<', data: ok, ack: 18, cut: 14, at: 5},
			{dir: '<', seq: 19, data: ok, ack: 18, at: 6},
		},
		"3 > \"GET / \"\n4 > lost 4 \"/1.1\\r\\n\"\n5 < \"HTTP/\"\n6 > lost 2\n6 < lost 14 \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n6 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 3, LostBytes: 20, Truncated: 3},
	}, {
		"cut within the request line, and the next is whole", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '>', data: get, cut: 12, at: 3},
			{dir: '>', seq: 18, data: get, at: 4},
		},
		"3 > \"GET / \"\n4 > lost 12 \"GET / HTTP/1.1\\r\\n\\r\\n\"\n4 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 12, Truncated: 1},
	}, {
		"cut, and too much of it", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '>', data: get, cut: 12, at: 3},
			{dir: '>', seq: 18, data: strings.Repeat("?", maxAsked-5), at: 4},
			{dir: '<', data: ok, ack: maxAsked + 13, at: 5},
		},
		"5 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n5 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 12, Truncated: 1},
	}, {
		"a gap in the request line, and the answer is HTTP", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '>', data: get[:6], at: 3},
			{dir: '>', seq: 12, data: get[12:], at: 4},
			{dir: '<', data: ok, ack: 18, at: 5},
		},
		"3 > \"GET / \"\n4 > lost 6\n4 > \".1\\r\\n\\r\\n\"\n5 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n5 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, LostBytes: 6},
	}, {
		"cut headers", begun(pkt{dir: '<', data: ok, ack: 18, at: 10, cut: 19 + 0}),
		saidGet + "10 < lost 19\n10 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: 19, Truncated: 1},
	}, {
		"times that go backwards", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 1},
			pkt{dir: '>', flags: "F", seq: 18, ack: 19, at: -5000},
			pkt{dir: '<', flags: "F", seq: 19, ack: 19, at: -4000},
		),
		saidGet + "3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 > eof\n3 < eof\n3 end\n", Stats{Connections: 1},
	}, {
		"SYN with data", []pkt{
			{dir: '>', flags: "S", data: get},
			hello[1], hello[2],
			{dir: '<', data: ok, ack: 18, at: 3},
		},
		"0 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"SYN with data, acknowledged at once", []pkt{
			{dir: '>', flags: "S", data: get},
			{dir: '<', flags: "SA", ack: 18, at: 1},
			{dir: '>', seq: 18, at: 2},
			{dir: '<', data: ok, ack: 18, at: 3},
		},
		"0 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"SYN with data, acknowledged in part", []pkt{
			{dir: '>', flags: "S", data: get},
			{dir: '<', flags: "SA", ack: 5, at: 1},
			{dir: '>', seq: 5, data: get[5:], at: 2},
			{dir: '<', data: ok, ack: 18, at: 3},
		},
		"0 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1, Repeated: 1},
	}, {
		"SYN with data, refused and sent again", []pkt{
			{dir: '>', flags: "S", data: get},
			hello[1],
			{dir: '>', data: get, at: 2},
			{dir: '<', data: ok, ack: 18, at: 3},
		},
		"0 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1, Repeated: 1},
	}, {
		"SYN, then again with data", []pkt{
			hello[0],
			{dir: '>', flags: "S", data: get, at: 1},
			{dir: '>', flags: "S", data: get, at: 2},
			{dir: '<', flags: "SA", ack: 18, data: ok, at: 3},
		},
		"1 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1, Repeated: 1},
	}, {
		"SYN with data that was cut", []pkt{
			{dir: '>', flags: "S", data: get, cut: 10},
			{dir: '<', flags: "SA", ack: 18, at: 1},
			{dir: '<', data: ok, ack: 18, at: 3},
		},
		"0 > \"GET / HT\"\n3 > lost 10\n3 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n3 end: trace stopped\n", Stats{Connections: 1, Gaps: 1, LostBytes: 10, Truncated: 1},
	}, {
		"all in both SYNs, and FIN", []pkt{
			{dir: '>', flags: "SF", data: get},
			{dir: '<', flags: "SAF", ack: 19, data: ok, at: 1},
			{dir: '>', seq: 19, ack: 20, at: 2},
		},
		"0 > \"GET / HTTP/1.1\\r\\n\\r\\n\" eof\n1 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\" eof\n1 end\n", Stats{Connections: 1},
	}, {
		"the answer to a SYN with data comes before it", []pkt{
			{dir: '<', flags: "SA", ack: 18},
			{dir: '>', flags: "S", data: get, at: 1},
			{dir: '<', data: ok, ack: 18, at: 2},
		},
		"1 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n2 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n2 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"another connection, by the answer to its SYN", []pkt{
			{dir: '>', flags: "S", data: get},
			{dir: '<', flags: "SA", ack: 19, at: 1},
		},
		"0 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n1 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"the answer to the SYN comes before it", []pkt{hello[1], hello[0], hello[2], hello[3], hello[4]},
		"3 > \"GET / HTTP/1.1\\r\\n\\r\\n\"\n4 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n4 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"not HTTP", []pkt{hello[0], hello[1], {dir: '>', data: "SSH-2.0-x y\r\n"}, {dir: '<', data: "SSH-2.0-z", ack: 13}}, "", Stats{NotHTTP: 1},
	}, {
		"a bad request", []pkt{hello[0], hello[1], {dir: '>', data: "SSH-2.0"}, {dir: '>', seq: 7, data: "-x y\r\n", at: 1}, {dir: '<', data: ok[:3], ack: 13}, {dir: '<', seq: 3, data: ok[3:], ack: 13}},
		"0 > \"SSH-2.0\"\n1 > \"-x y\\r\\n\"\n1 < \"HTT\"\n1 < \"P/1.1 200 OK\\r\\n\\r\\n\"\n1 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"nobody answers", []pkt{hello[0], hello[1], {dir: '>', data: "SSH-2.0-x y\r\n"}}, "", Stats{NotHTTP: 1},
	}, {
		"more than a bad request", []pkt{
			hello[0], hello[1], {dir: '>', data: "??"}, {dir: '>', seq: 2, data: strings.Repeat("?", maxAsked-1)}, {dir: '<', data: ok, ack: maxAsked + 1},
		}, "", Stats{NotHTTP: 1},
	}, {
		"all of a bad request", []pkt{
			hello[0], hello[1], {dir: '>', data: "??"}, {dir: '>', seq: 2, data: strings.Repeat("?", maxAsked-2)}, {dir: '<', data: ok, ack: maxAsked},
		}, "0 > \"??\"\n0 > \"" + strings.Repeat("?", maxAsked-2) + "\"\n0 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n1 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"the server speaks first", []pkt{hello[0], hello[1], {dir: '<', data: "220 mail\r\n"}, {dir: '>', data: get, ack: 10}}, "", Stats{NotHTTP: 1},
	}, {
		"the client answers", []pkt{hello[0], hello[1], {dir: '>', data: ok}, {dir: '<', data: get, ack: 19}}, "", Stats{NotHTTP: 1},
	}, {
		"never seen to be HTTP", []pkt{{dir: '>', data: "abc"}, {dir: '<', data: "def", ack: 3}}, "", Stats{NotHTTP: 1},
	}, {
		"nothing said", []pkt{hello[0], hello[1], hello[2], {dir: '>', flags: "F"}, {dir: '<', flags: "F", ack: 1}}, "", Stats{},
	}, {
		"hung up within the first word", []pkt{hello[0], hello[1], hello[2], {dir: '>', data: "GE"}, {dir: '>', seq: 2, flags: "F"}, {dir: '<', flags: "F", ack: 3}},
		"", Stats{NotHTTP: 1},
	}, {
		"byte by byte", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '>', data: get[:2], at: 3}, {dir: '>', seq: 2, data: get[2:10], at: 4}, {dir: '>', seq: 10, data: get[10:], at: 5},
		},
		"3 > \"GE\"\n4 > \"T / HTTP\"\n5 > \"/1.1\\r\\n\\r\\n\"\n5 end: trace stopped\n", Stats{Connections: 1},
	}, {
		"HTTP/2, whose server speaks first", []pkt{
			hello[0], hello[1], hello[2],
			{dir: '<', data: "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00d", at: 3},
			{dir: '>', data: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", at: 4},
		},
		"3 < \"\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x03\\x00\\x00\\x00d\"\n4 > \"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\"\n4 end: trace stopped\n",
		Stats{Connections: 1},
	}, {
		"so much is missing that nobody knows how much", begun(
			pkt{dir: '<', data: ok, ack: 18, at: 10},
			pkt{dir: '<', seq: 2 << 30, data: "one", ack: 18, at: 11},
			pkt{dir: '<', seq: 2<<30 + 3, data: "two", ack: 18, at: 12},
			pkt{dir: '<', seq: 2<<30 + 6, data: "three", ack: 18, at: 13},
		),
		saidGet + "10 < \"HTTP/1.1 200 OK\\r\\n\\r\\n\"\n12 < lost -1 \"two\"\n13 < \"three\"\n13 end: trace stopped\n",
		Stats{Connections: 1, Gaps: 1, Strays: 1},
	},
}

func TestTCP(t *testing.T) {
	for _, c := range tcpTests {
		t.Run(c.name, func(t *testing.T) {
			got, stats := read(t, rawFile(frames(c.packets)))
			var b strings.Builder
			for _, conn := range got.conns {
				b.WriteString(said(conn))
			}
			if b.String() != c.want {
				t.Errorf("got\n%swant\n%s", b.String(), c.want)
			}
			c.stats.Packets, c.stats.Bytes, c.stats.First, c.stats.Last = stats.Packets, stats.Bytes, stats.First, stats.Last
			c.stats.TCP = stats.Packets
			if !reflect.DeepEqual(stats, c.stats) {
				t.Errorf("got %+v\nwant %+v", stats, c.stats)
			}
		})
	}
}

// TestReuse has connections with the same addresses, one after the other.
func TestReuse(t *testing.T) {
	shift := func(packets []pkt, n int) []pkt {
		out := append([]pkt{}, packets...)
		for i := range out {
			out[i].seq += n
			out[i].ack += n
		}
		return out
	}
	for _, c := range []struct {
		name string
		one  []pkt
		two  []pkt
		ends string
	}{
		{"after FIN", hello, shift(hello, 5000), "<nil>"},
		{"after a reset", append(begun(), pkt{dir: '<', flags: "RA", ack: 18}), shift(hello, 5000), "connection reset by the server"},
		{"while open", begun(), shift(hello, 5000), "trace stopped"},
		{"the second without SYN", hello, shift(hello, 100_000_000)[3:], "<nil>"},
		{"the second with the answer to the SYN only", hello, shift(hello, 5000)[1:], "<nil>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, stats := read(t, rawFile(frames(append(c.one, c.two...))))
			if len(got.conns) != 2 {
				t.Fatalf("%d connections: %+v", len(got.conns), stats)
			}
			if err := fmt.Sprint(got.conns[0].err); err != c.ends {
				t.Errorf("the first ended by %v, want %v", err, c.ends)
			}
			if s := said(got.conns[1]); s != helloSaid {
				t.Errorf("got\n%swant\n%s", s, helloSaid)
			}
		})
	}
}

// TestHurry has a gap in a connection of which no more packets come.
func TestHurry(t *testing.T) {
	packets := begun(
		pkt{dir: '<', data: ok, ack: 18, at: 10},
		pkt{dir: '<', seq: 29, data: "behind", ack: 18, at: 11},
		pkt{dir: '>', seq: 18, ack: 35, at: 12},
	)
	all := frames(packets)
	other := outer(17, datagram(53, nil))
	for _, ms := range []int{100, 113} {
		got := new(collector)
		var before int
		with := append(append([]frame{}, all...), frame{captured.Add(time.Duration(ms) * time.Millisecond), other, len(other)})
		file := rawFile(with)
		r := newReader(asked, got.tap)
		src, err := openSource(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		var p packet
		for src.next(&p) == nil {
			r.packet(&p)
		}
		before = len(got.conns[0].chunks)
		if want := map[int]int{100: 2, 113: 3}[ms]; before != want {
			t.Errorf("after %d ms: %d chunks, want %d", ms, before, want)
		}
		r.finish()
	}
}

// TestBounds has more to hold than may be held.
func TestBounds(t *testing.T) {
	const conns, segments, size = 50, 40, 1000
	var all []frame
	add := func(port int, p pkt) {
		s := p.segment()
		if p.dir == '>' {
			s.src = addrPort(fmt.Sprintf("tcp://192.0.2.1:%d", port))
		} else {
			s.dst = addrPort(fmt.Sprintf("tcp://192.0.2.1:%d", port))
		}
		b := appendPacket(nil, s)
		all = append(all, frame{captured, b, len(b)})
	}
	for port := 1000; port < 1000+conns; port++ {
		for _, p := range begun() {
			add(port, p)
		}
	}
	for i := range segments {
		for port := 1000; port < 1000+conns; port++ {
			add(port, pkt{dir: '<', seq: 19 + (2*i+1)*size, data: strings.Repeat("x", size), ack: 18})
		}
	}
	file := rawFile(all)
	got := new(collector)
	r := newReader(Options{MaxHeld: 100_000, Recognize: decode.Recognize}, got.tap)
	src, err := openSource(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var p packet
	for src.next(&p) == nil {
		r.packet(&p)
		if r.held > r.o.MaxHeld {
			t.Fatalf("%d bytes are held", r.held)
		}
		held := 0
		for _, c := range r.conns {
			held += c.held
			if c.held > r.o.MaxHeld/4 {
				t.Fatalf("%d bytes of one connection are held", c.held)
			}
		}
		if held != r.held {
			t.Fatalf("%d bytes are held, but %d are counted", held, r.held)
		}
	}
	r.finish()
	if r.held != 0 {
		t.Errorf("%d bytes are held at the end", r.held)
	}
	if r.stats.Gaps != conns*segments || r.stats.LostBytes != conns*(segments*size+19) {
		t.Errorf("%+v", r.stats)
	}
	for _, c := range got.conns {
		if n := strings.Count(c.bytes(wire.ToClient), "x"); n != segments*size {
			t.Fatalf("%d bytes", n)
		}
	}
}

// TestGreedy has one connection that holds nearly all that may be held, and then one
// more that waits for little: the first gives up.
func TestGreedy(t *testing.T) {
	const most, size = 200_000, 1000
	var all []frame
	add := func(port uint16, p pkt) {
		s := p.segmentOf(port)
		if p.dir == '<' {
			s.dst = netip.AddrPortFrom(s.dst.Addr(), port)
		}
		b := appendPacket(nil, s)
		all = append(all, frame{captured, b, len(b)})
	}
	for _, p := range begun() {
		add(1, p)
		add(2, p)
	}
	n := most / (size + overhead)
	body := strings.Repeat("y", (n-1)*size) + strings.Repeat("z", size)
	for i := range n { // backward
		at := (n - 1 - i) * size
		add(1, pkt{dir: '<', seq: len(ok) + at, data: body[at : at+size], ack: 18})
	}
	alone := slices.Clone(all)
	add(2, pkt{dir: '<', seq: 1, data: ok[1:] + body[:size], ack: 18})
	add(2, pkt{dir: '<', data: ok[:1], ack: 18})
	two := all
	all = nil
	add(1, pkt{dir: '<', data: ok, ack: 18})
	for _, c := range []struct {
		name string
		file []frame
		want []string
		late int64
	}{
		{"alone", append(alone, all...), []string{ok + body, ""}, 0},
		{"with another", append(two, all...), []string{strings.Repeat("?", len(ok)) + body, ok + body[:size]}, 1},
	} {
		got := new(collector)
		stats, err := Read(t.Context(), bytes.NewReader(rawFile(c.file)), Options{MaxHeld: most, Recognize: decode.Recognize}, got.tap)
		if err != nil || stats.Gaps != c.late || stats.Repeated != c.late {
			t.Errorf("%s: %v, %+v", c.name, err, stats)
		}
		for i, want := range c.want {
			if b := got.conns[i].bytes(wire.ToClient); b != want {
				t.Errorf("%s, connection %d: %d bytes, want %d", c.name, i, len(b), len(want))
			}
		}
	}
}

// TestMaxConnections has more connections than are followed.
func TestMaxConnections(t *testing.T) {
	var all []frame
	for port := uint16(1000); port < 2000; port++ {
		for _, p := range begun() {
			s := p.segment()
			if p.dir == '>' {
				s.src = addrPort(fmt.Sprintf("tcp://192.0.2.1:%d", port))
			} else {
				s.dst = addrPort(fmt.Sprintf("tcp://192.0.2.1:%d", port))
			}
			b := appendPacket(nil, s)
			all = append(all, frame{captured, b, len(b)})
		}
	}
	got := new(collector)
	stats, err := Read(context.Background(), bytes.NewReader(rawFile(all)), Options{MaxConnections: 10, Recognize: decode.Recognize}, got.tap)
	if err != nil || stats.Evicted != 990 || stats.Connections != 1000 {
		t.Errorf("%v, %+v", err, stats)
	}
	for i, c := range got.conns {
		if c.err != wire.ErrStopped || len(c.chunks) != 1 || c.conn.ID != i+1 {
			t.Fatalf("connection %d: %s", c.conn.ID, said(c))
		}
	}
}
