package main

import (
	"fmt"
	"os"

	"golang.org/x/term"
)

// output is where the live output goes.
type output struct {
	name     string // for messages
	file     *os.File
	owned    bool // opened by us
	terminal bool
	regular  bool  // a file on disk: it never stops for long
	hold     *hold // not nil if another program may own the terminal
}

// openOutput creates the file called name, or takes deflt.
func openOutput(name string, deflt *os.File) (*output, error) {
	o := &output{name: "the terminal", file: deflt}
	if name != "" && name != "-" {
		f, err := createFile(name)
		if err != nil {
			return nil, fmt.Errorf("output: %w", err)
		}
		o.file, o.owned = f, true
	}
	info, err := o.file.Stat()
	o.regular = err == nil && info.Mode().IsRegular()
	o.terminal = term.IsTerminal(int(o.file.Fd()))
	if !o.terminal {
		o.name = "the output"
	}
	return o, nil
}

// createFile creates a file, or empties it, and has nobody but its owner read
// it: even if it was there before.
func createFile(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		_ = f.Chmod(0o600) // fails if it is not ours: so be it
	}
	return f, nil
}

// Write writes what one event became.
func (o *output) Write(b []byte) (int, error) {
	if o.hold != nil {
		return o.hold.Write(b)
	}
	return o.file.Write(b)
}

// width returns the columns of the terminal, 0 if it is none.
func (o *output) width() int {
	if !o.terminal {
		return 0
	}
	w, _, err := term.GetSize(int(o.file.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// share makes the output keep out of the way of a command that has the same
// terminal.
func (o *output) share() {
	if o != nil && o.terminal {
		o.hold = newHold(o.file)
	}
}

// heldBack returns how many lines were late because of share.
func (o *output) heldBack() int64 {
	if o.hold == nil {
		return 0
	}
	return o.hold.lines()
}

// Close writes what is held back and closes the file, if it is ours.
func (o *output) Close() error {
	var err error
	if o.hold != nil {
		err = o.hold.Close()
	}
	if o.owned {
		if e := o.file.Close(); err == nil {
			err = e
		}
	}
	return err
}

// steady reports whether the output never stops for long: a file on disk, or
// the null device.
func (o *output) steady() bool {
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return o.regular
	}
	info, err := o.file.Stat()
	return o.regular || err == nil && os.SameFile(info, null)
}
