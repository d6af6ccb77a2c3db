package decode_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/protobuf"
	"github.com/socktrace/socktrace/wire"
)

const peerMethod = "test.v1.Peer/Call"

// peerFile describes the service whose calls the scripts make.
func peerFile() *descriptorpb.FileDescriptorProto {
	field := func(name string, n int32, typ descriptorpb.FieldDescriptorProto_Type, of string) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{Name: &name, Number: &n, Type: &typ, Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()}
		if of != "" {
			f.TypeName = &of
			f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		}
		return f
	}
	text, number, message := descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_INT64, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE
	return &descriptorpb.FileDescriptorProto{
		Name: proto.String("peer.proto"), Package: proto.String("test.v1"), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("Item"), Field: []*descriptorpb.FieldDescriptorProto{
			field("text", 1, text, ""), field("number", 2, number, ""), field("items", 3, message, ".test.v1.Item"), field("filler", 4, text, ""),
		}}},
		Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("Peer"), Method: []*descriptorpb.MethodDescriptorProto{{
			Name: proto.String("Call"), InputType: proto.String(".test.v1.Item"), OutputType: proto.String(".test.v1.Item"),
			ClientStreaming: proto.Bool(true), ServerStreaming: proto.Bool(true),
		}}}},
	}
}

// peerItem is the type of their messages.
var peerItem = sync.OnceValue(func() protoreflect.MessageDescriptor {
	f, err := protodesc.NewFile(peerFile(), nil)
	wrote(err)
	return f.Messages().Get(0)
})

// peerSchema is what the decoder knows of it.
var peerSchema = sync.OnceValue(func() *protobuf.Schema {
	b, err := proto.Marshal(&descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{peerFile()}})
	wrote(err)
	s, err := protobuf.With(protobuf.Set{Name: "peer", Data: b})
	wrote(err)
	return s
})

func peerOptions() decode.Options {
	o := all()
	o.Protobuf = peerSchema()
	return o
}

// rehearsal is the calls of some scripts, as their peers and a witness have seen them.
type rehearsal struct {
	*witness
	accounts map[string]*account
}

// pairing is who speaks.
type pairing struct {
	name   string
	client func(testing.TB, string) grpcClient
	server func(handle, uint32) grpcServer
	// streams is how many the server lets be open at once.
	streams uint32
}

var pairings = []pairing{
	{"grpc-go to grpc-go", newGoClient, newGoServer, 100}, {"grpc-go to net-http", newGoClient, newWebServer, 100},
	{"net-http to grpc-go", newWebClient, newGoServer, 100}, {"net-http to net-http", newWebClient, newWebServer, 100},
	{"grpc-go to grpc-go, few at once", newGoClient, newGoServer, 3}, {"grpc-go to net-http, few at once", newGoClient, newWebServer, 3},
}

// rehearse has a client make the calls, the first alone, so that it knows how many streams
// may be open, and then the others at once.
func rehearse(t testing.TB, p pairing, scripts []script) *rehearsal {
	t.Helper()
	r := &rehearsal{accounts: map[string]*account{}}
	begun, byName := map[string]chan struct{}{}, map[string]script{}
	for _, s := range scripts {
		r.accounts[s.name], begun[s.name], byName[s.name] = new(account), make(chan struct{}), s
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Add(len(scripts))
	server := p.server(func(name string, c serverCall) error {
		defer open.Done()
		close(begun[name])
		return byName[name].server(&answering{serverCall: c, account: r.accounts[name], name: name})
	}, p.streams)
	go server.serve(l)
	r.witness = newWitness(t, l, peerOptions)
	client := p.client(t, r.address)
	var wg sync.WaitGroup
	for i, s := range scripts {
		if i == 1 {
			wg.Wait()
		}
		wg.Go(func() {
			ctx := &patience{done: make(chan struct{})}
			if s.name == "deadline" {
				ctx.deadline = time.Now().Add(time.Hour)
			}
			head := map[string]string{"x-call": s.name}
			for name, value := range s.head {
				head[name] = value
			}
			call, err := client.call(ctx, "/"+peerMethod, s.zip, head)
			if err != nil {
				t.Errorf("%s: %v", s.name, err)
				return
			}
			s.client(&calling{clientCall: call, account: r.accounts[s.name], name: s.name, giveUp: ctx.end, begun: begun[s.name]})
			if ctx.Err() == nil {
				ctx.end(context.Canceled)
			}
		})
	}
	wg.Wait()
	open.Wait() // what was given up the server knows to be
	client.close()
	server.retire()
	server.close()
	r.end()
	return r
}

// callTold is what the decoder tells of a call.
type callTold struct {
	*wire.Exchange
	messages [2][]*wire.Message
}

// callsTold returns the calls, in the order of their ends.
func callsTold(evs []wire.Event) (calls []*callTold) {
	type key struct{ conn, exchange int }
	open := map[key]*callTold{}
	for _, ev := range evs {
		k := key{0, ev.EventMeta().Exchange}
		if c := ev.EventMeta().Conn; c != nil {
			k.conn = c.ID
		}
		if open[k] == nil {
			open[k] = new(callTold)
		}
		switch ev := ev.(type) {
		case *wire.Message:
			if ev.Kind == wire.KindGRPC {
				open[k].messages[ev.Dir] = append(open[k].messages[ev.Dir], ev)
			}
		case *wire.Exchange:
			open[k].Exchange = ev
			calls = append(calls, open[k])
		}
	}
	return calls
}

// wantMessage returns what is wrong with a message that b was sent as; "" if nothing is.
func wantMessage(m *wire.Message, b []byte, zip bool) string {
	if m.Type != "test.v1.Item" || !zip && m.Size != int64(len(b)) {
		return fmt.Sprintf("type %q, %d bytes; %d were sent", m.Type, m.Size, len(b))
	}
	if len(b) > 1<<20 {
		if !m.Truncated || len(m.Data) == 0 {
			return fmt.Sprintf("%d bytes of %d are told, cut: %t", len(m.Data), len(b), m.Truncated)
		}
		return ""
	}
	msg := dynamicpb.NewMessage(peerItem())
	wrote(proto.Unmarshal(b, msg))
	text, err := protojson.Marshal(msg)
	wrote(err)
	var got, want any
	wrote(json.Unmarshal(text, &want))
	if err := json.Unmarshal(m.Data, &got); err != nil || !reflect.DeepEqual(got, want) || m.Truncated {
		return fmt.Sprintf("told %.300q, cut: %t; sent %.300q", m.Data, m.Truncated, text)
	}
	return ""
}

// begins says whether the messages of got are those with which sent begins.
func begins(got, sent [][]byte) bool {
	return len(got) <= len(sent) && slices.EqualFunc(got, sent[:len(got)], bytes.Equal)
}

// compareMessages compares the messages of a direction that were told with those that
// the peers know: all that has arrived was told, and nothing that was not sent. Where
// all has arrived, this is all.
func compareMessages(t testing.TB, name string, told []*wire.Message, a *account, dir wire.Dir, zip bool) {
	t.Helper()
	sent, got := a.sent[dir], a.got[dir]
	if !begins(got, sent) {
		t.Errorf("%s %v: the peers disagree", name, dir)
	}
	if len(told) < len(got) || len(told) > len(sent) {
		t.Errorf("%s %v: %d messages are told; %d were sent, %d have arrived", name, dir, len(told), len(sent), len(got))
		return
	}
	for i, m := range told {
		if m.Missing > 0 && i == len(told)-1 && i >= len(got) {
			continue // the stream has ended within it
		}
		if wrong := wantMessage(m, sent[i], zip); wrong != "" || m.Index != i {
			t.Errorf("%s %v %d (%d): %s", name, dir, i, m.Index, wrong)
		}
	}
}

// compareEnd compares how a call has ended with what its client knows.
func compareEnd(t testing.TB, x *wire.Exchange, name string, a *account) {
	t.Helper()
	g, ok := x.GRPC()
	if !ok || g.Method != peerMethod || x.Request.Method != "POST" {
		t.Errorf("%s: %q, a call: %t", name, g.Method, ok)
	}
	if a.gaveUp {
		if x.State != wire.StateAborted || g.Status != "" || x.Reset == nil || *x.Reset != (wire.Reset{Dir: wire.ToServer, Code: 8}) || !x.Outcome.Left {
			t.Errorf("%s: %v, status %q, reset %+v, left %t", name, x.State, g.Status, x.Reset, x.Outcome.Left)
		}
		return
	}
	if g.Status != a.code || g.Message != a.says || x.State != wire.StateDone {
		t.Errorf("%s: %v, %q %q; its client knows %q %q", name, x.State, g.Status, g.Message, a.code, a.says)
	}
	if details := detailsOf(x); len(details) > 0 != (name == "fails") || len(details) > 0 && !bytes.Equal(details, a.details) {
		t.Errorf("%s: details %q, want %q", name, details, a.details)
	}
}

// detailsOf returns the details of an error as they were sent.
func detailsOf(x *wire.Exchange) []byte {
	if x.ResponseBody == nil {
		return nil
	}
	b, err := base64.RawStdEncoding.DecodeString(wire.FieldValue(x.ResponseBody.Trailer, "grpc-status-details-bin"))
	wrote(err)
	return b
}

// compareCall compares what is told of a call with what both sides know of it.
func (r *rehearsal) compareCall(t testing.TB, c *callTold, scripts []script) string {
	t.Helper()
	name := wire.FieldValue(c.Request.Fields, "x-call")
	a := r.accounts[name]
	if a == nil {
		t.Errorf("a call %q is told", name)
		return name
	}
	var s script
	for _, other := range scripts {
		if other.name == name {
			s = other
		}
	}
	for dir := range wire.Dir(2) {
		compareMessages(t, name, c.messages[dir], a, dir, s.zip)
	}
	compareEnd(t, c.Exchange, name, a)
	for header, value := range s.head {
		if wire.FieldValue(c.Request.Fields, header) != value || wire.FieldValue(c.Response.Fields, header) != value {
			t.Errorf("%s: other %s", name, header)
		}
	}
	if deadline := wire.FieldValue(c.Request.Fields, "grpc-timeout"); (deadline != "") != (name == "deadline") {
		t.Errorf("%s: deadline %q", name, deadline)
	}
	for _, an := range c.Anomalies {
		t.Errorf("%s: %s %s", name, an.Code, an.Detail)
	}
	return name
}

// TestGRPCPeers has all pairs of clients and servers make all calls, and compares what is
// told with what they know: live, from what was kept, and from the capture.
func TestGRPCPeers(t *testing.T) {
	for _, p := range pairings {
		t.Run(p.name, func(t *testing.T) {
			made := scripts()
			r := rehearse(t, p, made)
			told := map[string]int{}
			for _, c := range callsTold(r.told()) {
				told[r.compareCall(t, c, made)]++
			}
			for name := range r.accounts {
				if told[name] != 1 {
					t.Errorf("%s is told %d times", name, told[name])
				}
			}
			for _, ev := range r.told() {
				if a, ok := ev.(*wire.Anomaly); ok {
					t.Errorf("%s %s", a.Code, a.Detail)
				}
			}
			r.compareAgain(t)
		})
	}
}

// compareAgain compares what was told live with what is told of the bytes that were kept,
// as they came and cut otherwise, and of the capture.
func (r *rehearsal) compareAgain(t testing.TB) {
	t.Helper()
	dump := func(evs []wire.Event) string { return tracetest.DumpAll(tracetest.Merge(evs)) }
	want := dump(r.told())
	if got := dump(r.read(r.file.Bytes())); got != want {
		t.Errorf("the capture tells other things%s", firstOther(got, want))
	}
	for _, n := range []int{10_000, 1000} {
		var got strings.Builder
		for _, k := range r.conns {
			got.WriteString(dump(playCut(k, n, peerOptions())))
		}
		if got.String() != want {
			t.Errorf("cut into %d bytes: other things are told%s", n, firstOther(got.String(), want))
		}
	}
}

// playCut returns the events of what was kept of k, in pieces of at most n bytes.
func playCut(k *witnessed, n int, o decode.Options) (evs []wire.Event) {
	d := decode.New(k.conn, o, tracetest.Booked(func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) }))
	for _, ch := range k.kept.Chunks {
		for at := k.conn.Start.Add(ch.At); ; ch.Data = ch.Data[n:] {
			last := len(ch.Data) <= n
			d.Chunk(wire.Chunk{Conn: k.conn, Time: at, Dir: ch.Dir, Data: bytes.Clone(ch.Data[:min(n, len(ch.Data))]), EOF: ch.EOF && last})
			if last {
				break
			}
		}
	}
	d.End(k.conn.Start.Add(k.kept.Close.At), k.err)
	return evs
}

// firstOther shows where two texts begin to differ.
func firstOther(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("\ngot  %.400s\nwant %.400s", g[i], w[i])
		}
	}
	return fmt.Sprintf("\n%d lines, want %d", len(g), len(w))
}
