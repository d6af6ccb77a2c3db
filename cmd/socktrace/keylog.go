package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync/atomic"

	"github.com/socktrace/socktrace/internal/openfile"
)

// maxKeys bounds how many secrets wait for a file that hangs.
const maxKeys = 1024

// keyLog writes the secrets of TLS to a file (RFC 9850), as tls.Config.KeyLogWriter
// hands them over: a line with each Write, which is written before what it is for. It
// never fails, and no handshake waits for it for long: a file that cannot be written to is
// told of once, and given up.
type keyLog struct {
	*bounded
	file *fragile
}

// newKeyLog returns what writes to out.
func newKeyLog(out io.Writer, failed func(error)) *keyLog {
	f := &fragile{out: out, failed: failed}
	return &keyLog{newBounded(f, maxKeys, nil), f}
}

// close waits for what is not written, but not for long, and returns how much there was
// no room for. Nothing is written after it.
func (k *keyLog) close() (lost int64) {
	k.flush()
	k.file.over.Store(true)
	return k.lost.Load()
}

// fragile is an output that takes nothing more once it has failed.
type fragile struct {
	out    io.Writer
	failed func(error) // is told why, once
	over   atomic.Bool
}

// Write writes, or does nothing.
func (f *fragile) Write(b []byte) (int, error) {
	if !f.over.Load() {
		if _, err := f.out.Write(b); err != nil && f.over.CompareAndSwap(false, true) {
			f.failed(err)
		}
	}
	return len(b), nil
}

// openKeyLog opens the file that --keylog names, or SSLKEYLOGFILE, if TLS is spoken at
// all. That the latter cannot be written to is no reason not to go on, as for other
// programs.
func (t *trace) openKeyLog(ctx context.Context, o *options, s std, spoken bool) error {
	name, flag := o.keylog, "--keylog"
	if name == "" {
		name, flag = s.getenv("SSLKEYLOGFILE"), "SSLKEYLOGFILE"
	}
	switch {
	case !spoken && o.keylog != "":
		return errors.New("--keylog: no TLS is spoken, neither with the daemon nor with clients")
	case name == "" || !spoken:
		return nil
	}
	err := checkKeyLog(ctx, name)
	var f *os.File
	if err == nil {
		f, err = openfile.Interruptibly(ctx, func() (*os.File, error) { return openfile.Append(name) })
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", flag, err)
		if o.keylog == "" {
			t.warn(err)
			return nil
		}
		return err
	}
	k := newKeyLog(f, func(err error) { t.warn(fmt.Errorf("%s ends here: %w", name, err)) })
	t.keys = k
	t.closeKeys = func() {
		if n := k.close(); n > 0 {
			t.warn(fmt.Errorf("%s was too slow: secrets of TLS were left out", name))
		}
		f.Close()
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		t.warn(fmt.Errorf("%s can be read by others (mode %04o): it gets secrets that decrypt what was said", name, info.Mode().Perm()))
	}
	return nil
}

// aKeyLog is how a key log begins (RFC 9850, section 2): with a comment, or a label and two
// numbers; RSA is one of old ones.
var aKeyLog = regexp.MustCompile(`^\s*(#[^!]|#?$|[A-Z][A-Z0-9_]* [0-9A-Fa-f]+ [0-9A-Fa-f]+|RSA )`)

// checkKeyLog refuses to write behind what is no key log.
func checkKeyLog(ctx context.Context, name string) error {
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil // opening it says what is wrong
	}
	if begins, err := beginning(ctx, name); err == nil && !aKeyLog.Match(begins) {
		return fmt.Errorf("%s: a file is there that is no key log: remove it, or take another name", name)
	}
	return nil
}

// logged returns c, whose secrets go to the key log, and into the recordings of bytes,
// if there are any; nil if it is.
func (t *trace) logged(c *tls.Config) *tls.Config {
	var to []io.Writer
	if t.keys != nil {
		to = append(to, t.keys)
	}
	for _, one := range t.recorders.all {
		if one.keys != nil {
			to = append(to, keysInto(one.keys))
		}
	}
	if c == nil || len(to) == 0 {
		return c
	}
	c = c.Clone()
	c.KeyLogWriter = io.MultiWriter(to...)
	return c
}

// keysInto has a recording, which keeps nothing of lines, be written to. It never fails.
type keysInto func(lines []byte)

// Write records lines.
func (k keysInto) Write(lines []byte) (int, error) {
	k(lines)
	return len(lines), nil
}
