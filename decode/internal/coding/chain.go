package coding

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/budget"
)

// Chain removes the content codings of one body.
type Chain struct {
	names  []string
	layers []*Coder // in the order in which they are removed; nil: broken
	total  int64    // decoded bytes
	out    []byte   // decoded, and not yet passed on
	to     Sink
}

// Sink takes what comes out of a Chain.
type Sink interface {
	// Decoded takes bytes without codings.
	Decoded([]byte)
	// Behind says that what follows comes behind the end of a coding, and is as it
	// was sent.
	Behind(anomaly.Fault)
}

// A body may become maxRatio times as long as it was, beyond what is free: what
// DEFLATE reaches at its best is 1032, so that no honest gzip is cut. The other
// codings, and gzip in gzip, reach far more; a few bytes of these must not keep
// decoders and the traffic behind them busy.
const (
	maxRatio = 1100
	freeSize = 1 << 20
)

// maxOut is how many decoded bytes are kept until there are more.
const maxOut = 16 << 10

// errBomb says that a body exceeds maxRatio.
var errBomb = errors.New("bomb")

// Known reports whether all codings in a Content-Encoding value can be removed,
// and whether there is one.
func Known(list string) (known, coded bool) {
	all, known := codecs(list)
	return known, len(all) > 0
}

// NewChain returns what removes the codings of a Content-Encoding value, which
// are known, and gives what comes out to to, as Sink says. If the account has not enough for
// them, it returns nil and what that means.
func NewChain(list string, a *budget.Account, to Sink) (*Chain, anomaly.Fault) {
	all, _ := codecs(list)
	return newChain(all, a, to)
}

// newChain returns what removes codings in this order.
func newChain(all []codec, a *budget.Account, to Sink) (*Chain, anomaly.Fault) {
	c := &Chain{to: to}
	for _, codec := range all {
		l := start(codec.run, codec.cost, a)
		if l == nil {
			c.Stop()
			return nil, anomaly.Fault{Code: anomaly.NotDecoded, Detail: codec.name + ": " + ErrSpent.Error()}
		}
		c.names = append(c.names, codec.name)
		c.layers = append(c.layers, l)
	}
	return c, anomaly.Fault{}
}

// Write takes the next coded bytes. The fault says that the rest cannot be
// decoded.
func (c *Chain) Write(b []byte) (f anomaly.Fault) {
	if c.Broken() {
		return f
	}
	layer, err := c.push(0, b)
	c.flush()
	if err != nil {
		f = c.fail(layer, err)
	}
	return f
}

// push gives coded bytes to a layer, and what comes out to the next, until all
// need more. It returns the error of a layer, and which one that was.
func (c *Chain) push(layer int, b []byte) (int, error) {
	if layer == len(c.layers) {
		return layer - 1, c.collect(b)
	}
	l := c.layers[layer]
	if l.through {
		return c.pass(layer, b)
	}
	for l.in = b; ; {
		p, running := l.next()
		switch {
		case len(p) > 0:
		case running:
			return layer, nil
		case errors.Is(l.err, errBehind):
			c.flush()
			l.through = true
			c.to.Behind(c.fault(layer, l.err))
			return c.pass(layer, l.rest())
		default:
			return layer, l.err
		}
		if at, err := c.push(layer+1, p); err != nil {
			return at, err
		}
	}
}

// pass gives what comes behind the end of a layer to the next, as it is.
func (c *Chain) pass(layer int, b []byte) (int, error) {
	if len(b) == 0 {
		return layer, nil
	}
	return c.push(layer+1, b)
}

// collect takes decoded bytes. Few are kept until there are more, or Write ends:
// some decompressors give a byte at a time.
func (c *Chain) collect(b []byte) error {
	var err error
	if room := freeSize + maxRatio*c.layers[0].used - c.total; int64(len(b)) > room {
		b, err = b[:room], errBomb
	}
	c.total += int64(len(b))
	if len(c.out)+len(b) > maxOut {
		c.flush()
	}
	if len(b) > maxOut {
		c.to.Decoded(b)
	} else {
		c.out = append(c.out, b...)
	}
	return err
}

// flush passes on what was collected.
func (c *Chain) flush() {
	if len(c.out) > 0 {
		c.to.Decoded(c.out)
		c.out = c.out[:0]
	}
}

// Close is the end of the body, which may not be complete. It stops the chain.
func (c *Chain) Close(complete bool) (f anomaly.Fault) {
	for i, l := range c.layers {
		l.final = true
		layer, err := c.push(i, nil)
		if err == nil {
			continue
		}
		c.flush()
		if complete || !errors.Is(err, io.ErrUnexpectedEOF) {
			f = c.fail(layer, err)
		}
		break
	}
	c.flush()
	c.Stop()
	return f
}

// fail says that the rest of the body cannot be decoded, and gives it up.
func (c *Chain) fail(layer int, err error) anomaly.Fault {
	f := c.fault(layer, err)
	c.Stop()
	return f
}

// fault says what is wrong with a layer.
func (c *Chain) fault(layer int, err error) anomaly.Fault {
	name := c.names[layer]
	f := anomaly.Fault{Code: anomaly.BadCoding, Detail: name + ": " + strings.TrimPrefix(err.Error(), name+": ")}
	switch {
	case errors.Is(err, errBomb):
		f = anomaly.Fault{Code: anomaly.Bomb, Detail: fmt.Sprintf("%d coded bytes become more than %d", c.layers[0].used, c.total)}
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Detail = name + ": the data end too early"
	}
	return f
}

// Stop ends it. It may be called again.
func (c *Chain) Stop() {
	for _, l := range c.layers {
		l.Stop()
	}
	c.layers, c.out = nil, nil
}

// Broken reports whether the rest of the body is not decoded.
func (c *Chain) Broken() bool { return c.layers == nil }
