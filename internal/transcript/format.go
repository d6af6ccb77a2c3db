package transcript

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/socktrace/socktrace/wire"
)

// lineWidth is how long a quoted line of data may grow before it is broken
// although it holds no line end.
const lineWidth = 240

// Format writes s so that Parse gives it back: one line of text for each line
// of data, long ones broken. Chunks that hold nothing are left out.
func (s *Session) Format() []byte {
	var b bytes.Buffer
	for i, c := range s.Conns {
		if i > 0 {
			b.WriteByte('\n')
		}
		if len(s.Conns) > 1 || c.needsHead() {
			c.formatHead(&b)
		}
		c.formatBody(&b)
	}
	return b.Bytes()
}

// needsHead says whether c, alone in its file, is more than its lines say.
func (c *Conn) needsHead() bool {
	return c.Start != 0 || c.Client != (wire.Peer{}) || c.Server != (wire.Peer{}) || len(c.Chunks) == 0 && c.Close == nil
}

func (c *Conn) formatHead(b *bytes.Buffer) {
	b.WriteString("conn")
	if c.Start > 0 {
		fmt.Fprintf(b, " +%v", c.Start)
	}
	if c.Client.Addr != "" {
		fmt.Fprintf(b, " client=%q", c.Client.Addr)
	}
	if p := c.Client.Process; p != nil {
		fmt.Fprintf(b, " process=%q", p)
		if p.UID >= 0 {
			fmt.Fprintf(b, " uid=%d", p.UID)
		}
	}
	if c.Server.Addr != "" {
		fmt.Fprintf(b, " server=%q", c.Server.Addr)
	}
	b.WriteByte('\n')
}

func (c *Conn) formatBody(b *bytes.Buffer) {
	var at time.Duration // of the line before
	var last *Chunk      // that was written
	for i := range c.Chunks {
		ch := &c.Chunks[i]
		if len(ch.Data) == 0 && ch.Lost == 0 && !ch.EOF {
			continue
		}
		delta := ""
		if d := ch.At - at; d > 0 {
			delta, at = "+"+d.String(), ch.At
		} else if last != nil && last.Dir == ch.Dir && ch.Lost == 0 {
			delta = "+0s" // or it would go on with the chunk before
		}
		ch.format(b, delta)
		last = ch
	}
	if c.Close == nil {
		return
	}
	b.WriteString("close")
	if d := c.Close.At - at; d > 0 {
		fmt.Fprintf(b, " +%v", d)
	}
	if c.Close.Reason != "" {
		fmt.Fprintf(b, " %q", c.Close.Reason)
	}
	b.WriteByte('\n')
}

// format writes the lines of one chunk, the first of them with delta.
func (ch *Chunk) format(b *bytes.Buffer, delta string) {
	line := func(text string) {
		fmt.Fprintf(b, "%c %-10s %s\n", "><"[ch.Dir], delta, text)
		delta = ""
	}
	switch {
	case ch.Lost > 0:
		line("lost " + strconv.Itoa(ch.Lost))
	case ch.Lost < 0:
		line("lost ?")
	}
	for data := ch.Data; len(data) > 0; {
		n := lineLen(data)
		line(strconv.Quote(string(data[:n])))
		data = data[n:]
	}
	if ch.EOF {
		line("eof")
	}
}

// lineLen is how much of data goes into one line: up to and with its first
// "\n", or what fits into lineWidth, not cut inside a UTF-8 sequence.
func lineLen(data []byte) int {
	n, width := 0, 0
	for n < len(data) && width < lineWidth {
		r, size := utf8.DecodeRune(data[n:])
		switch {
		case r == '\n':
			return n + 1
		case r < ' ' || r == utf8.RuneError:
			width += len(`\x00`)
		default:
			width++
		}
		n += size
	}
	return n
}
