package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/internal/plural"
	"github.com/socktrace/socktrace/keylog"
	"github.com/socktrace/socktrace/wire"
)

// keyLogFlag adds the flag that names key logs.
func (o *options) keyLogFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.keyLogs, "keylog", nil, "decrypt TLS with the secrets in `FILE`, as programs write them with SSLKEYLOGFILE; it may grow")
	completeFiles(cmd, "keylog", "keys", "keylog", "log", "txt")
}

// openKeyLogs returns the secrets of the key logs, to which those in captures will be
// added. Live, a key log may not be there yet: the program that writes it may be started
// later.
func (o *options) openKeyLogs(live bool, m *memory.Budget, warn func(error)) (*keylog.Store, error) {
	s := keylog.New(m, warn)
	for _, name := range o.keyLogs {
		if !live {
			if err := s.Follow(name); err != nil {
				return nil, err
			}
			continue
		}
		there, err := s.Await(name)
		if err != nil {
			return nil, err
		}
		if !there {
			warn(fmt.Errorf("key log %s is not there yet: it is read as soon as it is", name))
		}
	}
	return s, nil
}

// keyLog returns what takes the key logs in captures; nil if there is no use for them.
func (t *trace) keyLog() func([]byte) {
	if t.secrets == nil {
		return nil
	}
	return func(text []byte) {
		t.secrets.Expect()
		t.secrets.Add("the key log in the capture", text)
	}
}

// countOpaque returns an emit that counts connections of TLS that could not be read.
func (t *trace) countOpaque(emit func(wire.Event)) func(wire.Event) {
	return func(ev wire.Event) {
		if tls, ok := ev.(*wire.TLS); ok && tls.Opaque != "" {
			t.opaque.Add(1)
		}
		emit(ev)
	}
}

// sumUpOpaque says how many connections of TLS could not be read, and what would help.
func (t *trace) sumUpOpaque(w io.Writer) {
	n := t.opaque.Load()
	if n == 0 {
		return
	}
	err := fmt.Errorf("%s of TLS not decrypted", plural.Of(n, "connection"))
	if !t.secrets.Given() {
		err = fmt.Errorf("%w: no key log was given (--keylog FILE takes one: socktrace help keylog)", err)
	}
	complain(w, err)
}
