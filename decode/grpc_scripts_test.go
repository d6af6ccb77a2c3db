package decode_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/socktrace/socktrace/wire"
)

// script is what both sides of a call do.
type script struct {
	name   string
	zip    bool
	head   map[string]string // beside its name
	client func(*calling)
	server func(*answering) error
}

// account is what both sides know of a call when it has ended.
type account struct {
	mu         sync.Mutex
	sent, got  [2][][]byte // messages by direction: that were sent, perhaps in vain, and that have arrived
	code, says string      // how it has ended, for its client
	details    []byte      // of that
	gaveUp     bool        // the client has ended it
}

func (a *account) note(list *[2][][]byte, dir wire.Dir, b []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	list[dir] = append(list[dir], b)
}

// calling is the client's side of a call, and answering its server's.
type calling struct {
	clientCall
	*account
	name   string
	n      int
	giveUp func(error)
	begun  <-chan struct{} // closed when the server has the call
}

type answering struct {
	serverCall
	*account
	name string
	n    int
}

// item is a message: its text says whose it is, and what number it has.
func item(name string, dir wire.Dir, n, size int) []byte {
	inner := protowire.AppendVarint(protowire.AppendTag(nil, 2, protowire.VarintType), uint64(n))
	b := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), fmt.Sprintf("%s %v %d", name, dir, n))
	b = append(protowire.AppendTag(b, 2, protowire.VarintType), protowire.AppendVarint(nil, uint64(n*n))...)
	b = protowire.AppendBytes(protowire.AppendTag(b, 3, protowire.BytesType), inner)
	if size > 0 {
		b = protowire.AppendString(protowire.AppendTag(b, 4, protowire.BytesType), strings.Repeat("filler. ", size/8))
	}
	return b
}

func (c *calling) say(size int) bool {
	b := item(c.name, wire.ToServer, c.n, size)
	c.n++
	c.note(&c.sent, wire.ToServer, b)
	return c.send(b) == nil
}

// hear waits for a message, and returns false at the end of the call.
func (c *calling) hear() bool {
	b, err := c.receive()
	if err != nil {
		c.code, c.says = ended(err)
		if err != io.EOF {
			c.details = statusBytes(status.Convert(err))
		}
		return false
	}
	c.note(&c.got, wire.ToClient, b)
	return true
}

// rest waits for the end.
func (c *calling) rest() {
	for c.hear() {
	}
}

func (c *answering) say(size int) {
	b := item(c.name, wire.ToClient, c.n, size)
	c.n++
	c.note(&c.sent, wire.ToClient, b)
	_ = c.send(b)
}

func (c *answering) hear() bool {
	b, err := c.receive()
	if err == nil {
		c.note(&c.got, wire.ToServer, b)
	}
	return err == nil
}

// asks says n messages, closes, and waits for the end.
func asks(n, size int) func(*calling) {
	return func(c *calling) {
		for range n {
			c.say(size)
		}
		c.closeSend()
		c.rest()
	}
}

// answers hears all there is, and says n messages.
func answers(n, size int) func(*answering) error {
	return func(c *answering) error {
		for c.hear() {
		}
		for range n {
			c.say(size)
		}
		return nil
	}
}

// inTurn has both sides wait for each other.
func inTurn(n int) (func(*calling), func(*answering) error) {
	return func(c *calling) {
			for range n {
				c.say(10)
				c.hear()
			}
			c.closeSend()
			c.rest()
		}, func(c *answering) error {
			for c.hear() {
				c.say(20)
			}
			return nil
		}
}

// atOnce has both sides say much without waiting.
func atOnce(n int) (func(*calling), func(*answering) error) {
	return func(c *calling) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for i := range n {
					c.say(i * i)
				}
				c.closeSend()
			}()
			c.rest()
			<-done
		}, func(c *answering) error {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for i := range n {
					c.say(i * 100)
				}
			}()
			for c.hear() {
			}
			<-done
			return nil
		}
}

// until has the server wait for the client to go, behind n messages.
func until(n int) func(*answering) error {
	return func(c *answering) error {
		c.hear()
		for range n {
			c.say(100)
		}
		<-c.context().Done()
		return c.context().Err()
	}
}

// leaves has the client go, for this reason, when it has heard n messages.
func leaves(n int, why error) func(*calling) {
	return func(c *calling) {
		c.say(100)
		<-c.begun
		for range n {
			c.hear()
		}
		c.gaveUp = true
		c.giveUp(why)
		c.rest()
	}
}

// failed is an error with details.
func failed() error {
	s, err := status.New(codes.NotFound, "no such thing: 100% \u00fc \"x\"\n\x01").WithDetails(wrapperspb.String("detail"))
	if err != nil {
		return err
	}
	return s.Err()
}

var long = map[string]string{"x-long": strings.Repeat("0123456789", 4000), "x-longer": strings.Repeat("abcdefghij", 3000)}

// scripts are the calls that each client makes to each server.
func scripts() []script {
	all := []script{
		{name: "unary", client: asks(1, 0), server: answers(1, 0)},
		{name: "server stream", client: asks(1, 10), server: answers(5, 300)},
		{name: "client stream", client: asks(5, 300), server: answers(1, 10)},
		{name: "nothing said", client: asks(0, 0), server: answers(0, 0)},
		{name: "compressed", zip: true, client: asks(3, 5000), server: answers(3, 5000)},
		{name: "large", client: asks(1, 10<<20), server: answers(1, 10<<20)},
		{name: "large and compressed", zip: true, client: asks(2, 1<<20), server: answers(1, 2<<20)},
		{name: "fails", client: asks(1, 10), server: func(c *answering) error { _ = answers(2, 10)(c); return failed() }},
		{name: "refused", client: asks(1, 10), server: func(*answering) error { return status.Error(codes.PermissionDenied, "you must not") }},
		{name: "refused plainly", client: asks(0, 0), server: func(*answering) error { return status.Error(codes.Unimplemented, "") }},
		{name: "too late", client: asks(1, 10), server: func(c *answering) error { c.hear(); return status.Error(codes.DeadlineExceeded, "too late") }},
		{name: "ended early", client: func(c *calling) { c.say(10); c.rest() }, server: func(c *answering) error {
			c.hear()
			c.say(10)
			return status.Error(codes.ResourceExhausted, "no more")
		}},
		{name: "done early", client: func(c *calling) { c.say(10); c.rest() }, server: func(c *answering) error { c.hear(); c.say(10); return nil }},
		{name: "long heads", head: long, client: asks(1, 10), server: func(c *answering) error {
			for name, value := range long {
				c.header(name, value)
			}
			defer c.trailer("x-end", long["x-long"])
			return answers(1, 10)(c)
		}},
		{name: "cancelled", client: leaves(1, context.Canceled), server: until(1)},
		{name: "given up", client: leaves(0, context.Canceled), server: until(0)},
		{name: "deadline", client: leaves(2, context.DeadlineExceeded), server: until(2)},
	}
	turns, both := script{name: "in turn"}, script{name: "at once"}
	turns.client, turns.server = inTurn(4)
	both.client, both.server = atOnce(40)
	return append(all, turns, both)
}

// patience is a context that ends when a test says so, whatever its deadline is.
type patience struct {
	deadline time.Time // zero if there is none
	done     chan struct{}
	err      error // valid when done is closed
}

func (p *patience) end(why error) {
	p.err = why
	close(p.done)
}

func (p *patience) Deadline() (time.Time, bool) { return p.deadline, !p.deadline.IsZero() }
func (p *patience) Done() <-chan struct{}       { return p.done }
func (p *patience) Value(any) any               { return nil }
func (p *patience) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}
