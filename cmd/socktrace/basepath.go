package main

import (
	"fmt"

	"github.com/socktrace/socktrace/intercept"
)

// withBase returns an address to listen on with the base path of the upstream: bytes
// are not changed, so clients are to send it.
func withBase(at, upstream intercept.Addr) (intercept.Addr, error) {
	base := upstream.Base()
	switch {
	case base == "" || at.Base() == base:
		return at, nil
	case !at.TCP():
		return at, &failure{code: exitUsage,
			err:  fmt.Errorf("listen %s: clients of such a socket do not send the base path %s of the upstream", at, base),
			hint: "--listen tcp://127.0.0.1:2375" + base}
	case at.Base() != "":
		return at, &failure{code: exitUsage,
			err:  fmt.Errorf("listen %s: the base path of the upstream is %s, and what clients send is not changed", at, base),
			hint: "--listen " + at.WithBase(base).String()}
	}
	return at.WithBase(base), nil
}

// tellBase says who can reach a listener that has to be on TCP.
func tellBase(w *warner, at intercept.Addr) {
	if at.Base() != "" {
		w.warn(fmt.Errorf("every user of this machine can reach %s meanwhile: a base path needs TCP", at))
	}
}
