//go:build linux

package main

import "strings"

const webSocketHead = "GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

// switched is a connection that has left HTTP: what each side says then.
func switched(name string, conns int, ask, answer, toServer, toClient string) hostile {
	return hostile{name, conns, func(t *talk) {
		t.asks(ask)
		t.answers(answer)
		t.says(0, toServer)
		t.says(1, toClient)
	}}
}

// hostileStreams are what follows upgrades.
func hostileStreams() []hostile {
	const mib = 1_000_000
	socket := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
	deflate := socket + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
	hijack := okLine + "Content-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"
	tcp := "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
	frame := "\x01\x00\x00\x00\x00\x00\xff\x00"
	tunnel, through := "CONNECT x:1 HTTP/1.1\r\n\r\n", okLine+"\r\n"
	return []hostile{
		switched("WebSocket fragments", 64, webSocketHead, socket+"\r\n", "x", filler(mib, "\x01\x05aaaaa\x00\x05bbbbb"[:14])),
		switched("WebSocket frames that do not end", 64, webSocketHead, socket+"\r\n", "\x81\xff\x00\x00\x00\x00\x7f\xff\xff\xff\x01\x02\x03\x04"+filler(mib, "x"), "\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff"+filler(mib, "x")),
		switched("WebSocket control frames", 8, webSocketHead, socket+"\r\n", "x", filler(mib, "\x89\x05aaaaa")),
		switched("compressed WebSocket messages", 2_000, webSocketHead, deflate, "\xc1\x85\x00\x00\x00\x00abcde", "\xc1\x7e\x27\x10"+packed(filler(200_000, "text "), flateOf)),
		switched("frames that do not end", 2_000, upgrade, tcp, "typed", frame+filler(60_000, "out ")),
		switched("frames that do not end of an answer", 2_000, "GET /v1.48/containers/x/logs HTTP/1.1\r\n\r\n", hijack, "", frame+filler(60_000, "out ")),
		switched("small frames", 10, upgrade, tcp, "typed", filler(mib, "\x01\x00\x00\x00\x00\x00\x00\x04out\n")),
		switched("terminals", 50, upgrade, tcp, "", filler(mib, "\x1b[31mred\x1b[0m ")),
		switched("input before the answer", 64, upgrade+filler(600_000, "typed "), tcp, "typed", "out"),
		switched("bytes in tunnels", 2_000, tunnel, through, "GET /"+filler(60_000, "x"), ""),
		switched("partial heads in tunnels", 64, tunnel, through, getLine+"\r\n", okLine+fieldOf(mib)),
		switched("pending heads in tunnels", 4, tunnel, through, getLine+"\r\n", okLine+chunked+"\r\n"+strings.Repeat("5\r\nhello\r\n", 100_000)),
		{"tunnels in tunnels", 400, func(t *talk) {
			for range 8 {
				t.asks(tunnel)
				t.answers(through)
			}
			t.asks(getLine + fieldOf(200_000))
		}},
		switched("HTTP/2", 64, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x00\x00\x00\x04\x00\x00\x00\x00\x00", filler(mib, "\x00\x00\x01"), filler(mib, "\x00\x01")),
	}
}

// hostileFloods are much of what is small.
func hostileFloods() []hostile {
	return []hostile{
		{"pipelined and answered", 1, func(t *talk) {
			for range 100 {
				t.asks(strings.Repeat(getLine+"\r\n", 500))
				t.answers(strings.Repeat(okLine+"Content-Length: 2\r\n\r\nok", 500))
			}
		}},
		{"containers", 1, func(t *talk) {
			for i := range 8_000 {
				body := `{"Tty":true,"Image":"x"}`
				t.asks("POST /v1.48/containers/create HTTP/1.1\r\nContent-Length: 24\r\nContent-Type: application/json\r\n\r\n" + body)
				t.answers(string(jsonAnswer(`{"Id":"` + numbered(1, "%064d")[:60] + numbered(1, "") + filler(4, string(rune('a'+i%26))) + `"}`)))
			}
		}},
		{"connections that come and go", 12_000, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers(okLine + "Content-Length: 2\r\n\r\nok")
			t.g.shut(&t.c)
		}},
		{"anomalies", 64, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers(okLine + chunked + "\r\n" + filler(200_000, "x\r\n"))
		}},
		{"anomalies of no exchange", 4_000, func(t *talk) {
			t.asks(getLine + "\r\n")
			t.answers(okLine + "Content-Length: 0\r\n\r\n" + strings.Repeat("HTTP/1.1 2x0 OK\r\n\r\n", 100))
		}},
		{"idle connections that had much", 4_000, func(t *talk) {
			t.asks("POST /x HTTP/1.1\r\nContent-Length: 15000\r\n" + fieldOf(9_000) + "\r\n" + filler(15_000, "up"))
			t.answers(okLine + "Content-Length: 15000\r\n" + fieldOf(9_000) + "\r\n" + filler(15_000, "down"))
		}},
	}
}
