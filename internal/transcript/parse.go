package transcript

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Parse reads a transcript. name is used in errors, which begin with
// "name:line: ". The session shares no memory with b.
func Parse(name string, b []byte) (*Session, error) {
	p := parser{session: new(Session)}
	for n := 1; len(b) > 0; n++ {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		b = rest
		s := strings.TrimSpace(string(line))
		if s == "" || s[0] == '#' {
			continue
		}
		if err := p.line(s); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return p.session, nil
}

type parser struct {
	session *Session
	conn    *Conn         // the one that lines belong to; nil before the first
	at      time.Duration // time of the line before, in conn
	eof     [2]bool       // by direction
}

// line reads one line that is neither empty nor a comment.
func (p *parser) line(s string) error {
	verb, rest := s, ""
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		verb, rest = s[:i], strings.TrimLeft(s[i:], " \t")
	}
	delta, rest, timed, err := cutDelta(rest)
	if err != nil {
		return err
	}
	if verb == "conn" {
		return p.begin(delta, rest)
	}
	if p.conn == nil {
		if err := p.begin(0, ""); err != nil {
			return err
		}
	}
	if p.conn.Close != nil {
		return fmt.Errorf("%q after close", verb)
	}
	if p.at > math.MaxInt64-delta {
		return errors.New("time overflows")
	}
	p.at += delta
	switch verb {
	case ">":
		return p.chunk(wire.ToServer, timed, rest)
	case "<":
		return p.chunk(wire.ToClient, timed, rest)
	case "close":
		return p.close(rest)
	}
	return fmt.Errorf("unknown line %q, want conn, >, < or close", verb)
}

// cutDelta cuts a leading "+12ms" off s; timed says whether there was one.
func cutDelta(s string) (d time.Duration, rest string, timed bool, err error) {
	if !strings.HasPrefix(s, "+") {
		return 0, s, false, nil
	}
	word, rest := s[1:], ""
	if i := strings.IndexAny(word, " \t"); i >= 0 {
		word, rest = word[:i], strings.TrimLeft(word[i:], " \t")
	}
	d, err = time.ParseDuration(word)
	if err != nil || d < 0 {
		return d, rest, true, fmt.Errorf("bad duration %q", "+"+word)
	}
	return d, rest, true, nil
}

// begin starts a connection from the words of its conn line.
func (p *parser) begin(start time.Duration, words string) error {
	c := &Conn{Start: start}
	uid := -1
	for words != "" {
		key, value, rest, err := cutWord(words)
		if err != nil {
			return err
		}
		words = rest
		switch key {
		case "client":
			c.Client.Addr = value
		case "server":
			c.Server.Addr = value
		case "process":
			if c.Client.Process, err = parseProcess(value); err != nil {
				return err
			}
		case "uid":
			if uid, err = strconv.Atoi(value); err != nil || uid < 0 {
				return fmt.Errorf("bad uid %q", value)
			}
		default:
			return fmt.Errorf("unknown word %q, want client, process, uid or server", key)
		}
	}
	switch {
	case c.Client.Process != nil:
		c.Client.Process.UID = uid
	case uid >= 0:
		return errors.New("uid without process")
	}
	p.session.Conns = append(p.session.Conns, c)
	*p = parser{session: p.session, conn: c}
	return nil
}

// cutWord cuts a leading key=value or key="value" off s.
func cutWord(s string) (key, value, rest string, err error) {
	key, value, ok := strings.Cut(s, "=")
	if !ok {
		return key, value, rest, fmt.Errorf("bad word %q, want key=value", s)
	}
	if quoted, err := strconv.QuotedPrefix(value); err == nil && quoted[0] == '"' {
		rest = value[len(quoted):]
		value, _ = strconv.Unquote(quoted) // which a prefix that is quoted is fit for
	} else if i := strings.IndexAny(value, " \t"); i >= 0 {
		value, rest = value[:i], value[i:]
	}
	return key, value, strings.TrimLeft(rest, " \t"), nil
}

// parseProcess reads "docker[4711]".
func parseProcess(s string) (*wire.Process, error) {
	i := strings.LastIndexByte(s, '[')
	if i < 0 || !strings.HasSuffix(s, "]") {
		return nil, fmt.Errorf("bad process %q, want name[pid]", s)
	}
	pid, err := strconv.Atoi(s[i+1 : len(s)-1])
	if err != nil || pid < 0 {
		return nil, fmt.Errorf("bad process %q, want name[pid]", s)
	}
	return &wire.Process{Name: s[:i], PID: pid, UID: -1}, nil
}

// chunk reads what follows the direction and the delta.
func (p *parser) chunk(dir wire.Dir, timed bool, s string) error {
	if p.eof[dir] {
		return errors.New("line after eof of its direction")
	}
	if lost, ok := strings.CutPrefix(s, "lost "); ok {
		n, err := parseLost(strings.TrimLeft(lost, " \t"))
		if err != nil {
			return err
		}
		p.next(dir, true).Lost = n
		return nil
	}
	if s == "eof" {
		p.next(dir, timed).EOF = true
		p.eof[dir] = true
		return nil
	}
	data, err := unquote(s)
	if err != nil {
		return err
	}
	if data == "" {
		return errors.New("empty data")
	}
	ch := p.next(dir, timed)
	ch.Data = append(ch.Data, data...)
	return nil
}

// next returns the chunk that a line of dir belongs to.
func (p *parser) next(dir wire.Dir, fresh bool) *Chunk {
	c := p.conn
	if n := len(c.Chunks); fresh || n == 0 || c.Chunks[n-1].Dir != dir {
		c.Chunks = append(c.Chunks, Chunk{At: p.at, Dir: dir})
	}
	return &c.Chunks[len(c.Chunks)-1]
}

func parseLost(s string) (int, error) {
	if s == "?" {
		return -1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n <= 0 {
		return n, fmt.Errorf("bad number of lost bytes %q, want a positive number or ?", s)
	}
	return n, nil
}

func (p *parser) close(s string) error {
	reason := ""
	if s != "" {
		var err error
		if reason, err = unquote(s); err != nil {
			return err
		}
	}
	p.conn.Close = &Close{At: p.at, Reason: reason}
	return nil
}

// unquote reads a Go string literal in double quotes.
func unquote(s string) (string, error) {
	v, err := strconv.Unquote(s)
	switch {
	case !strings.HasPrefix(s, `"`):
		err = fmt.Errorf("bad line %q, want a string in double quotes", s)
	case err != nil:
		err = fmt.Errorf("bad string %s: %w", s, err)
	}
	return v, err
}
