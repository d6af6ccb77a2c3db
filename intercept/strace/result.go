package strace

import (
	"bytes"
	"errors"
	"io/fs"
	"time"
)

// result is what a call returned.
type result struct {
	known bool
	n     int64
	errno string        // such as "EAGAIN"; empty if it succeeded
	decor []byte        // what the descriptor is that it returned
	took  time.Duration // -T; negative if it is not said
}

// parseResult reads what stands behind the arguments of a call, as in
//
//	= -1 EAGAIN (Resource temporarily unavailable) <0.000012>
func parseResult(b []byte) (r result, ok bool) {
	r.took = -1
	b = bytes.TrimLeft(b, " ")
	b, ok = bytes.CutPrefix(b, []byte("= "))
	if !ok {
		return r, false
	}
	b = bytes.TrimRight(b, " ")
	if i := bytes.LastIndex(b, []byte(" <")); i >= 0 && b[len(b)-1] == '>' {
		if t, ok := seconds(b[i+2 : len(b)-1]); ok {
			r.took, b = t, b[:i]
		}
	}
	if len(b) > 0 && b[0] == '?' {
		return r, true
	}
	if bytes.HasPrefix(b, []byte("0x")) {
		return r, true // flags, an address
	}
	v, n := number(b)
	if n == 0 {
		return r, false
	}
	r.known, r.n = true, v
	rest := b[n:]
	switch {
	case len(rest) > 0 && rest[0] == '<':
		if end := decorEnd(rest); end > 0 {
			r.decor = rest[:end]
		}
	case v < 0 && len(rest) > 0:
		word, _, _ := bytes.Cut(rest[1:], []byte(" "))
		r.errno = string(word)
	}
	if v < 0 && r.errno == "" {
		r.errno = "?"
	}
	return r, true
}

// seconds reads a time in seconds, with a fraction.
func seconds(b []byte) (time.Duration, bool) {
	whole, n := number(b)
	if n == 0 || whole < 0 || whole > 1<<33 {
		return 0, false
	}
	d := time.Duration(whole) * time.Second
	if n == len(b) {
		return d, true
	}
	if b[n] != '.' {
		return 0, false
	}
	unit := time.Second
	for _, c := range b[n+1:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		unit /= 10
		d += time.Duration(c-'0') * unit
	}
	return d, true
}

// execErrors are why programs cannot be run, by the names of the errors.
var execErrors = map[string]error{
	"ENOENT": fs.ErrNotExist, "EACCES": fs.ErrPermission, "ENOEXEC": errors.New("exec format error"),
	"ENOTDIR": fs.ErrNotExist, "E2BIG": errors.New("argument list too long"),
}

func execError(errno string) error {
	if err := execErrors[errno]; err != nil {
		return err
	}
	return errors.New(errno)
}
