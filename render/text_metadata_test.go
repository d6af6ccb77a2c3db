package render

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// failsWith is a call that fails with these fields in its trailers, or, if it is told at
// once, in its head.
func failsWith(atOnce bool, lines string) *script {
	s := &script{}
	s.open(1, 0)
	r := s.request(0, "POST", "/a.B/C", "", "content-type: application/grpc\ngrpc-timeout: 1500m\nx-id-bin: aGVsbG8\nx-sum-bin: /wD/\ngrpc-trace-bin: AAAA\ncontainerd-namespace: moby")
	r.Stream = 1
	head := "content-type: application/grpc"
	if atOnce {
		s.response(1, 200, "", head+"\n"+lines)
		return s
	}
	s.response(1, 200, "", head)
	s.body(2, wire.ToClient, wire.KindGRPC, 0, "").Trailer = fields(lines)
	return s
}

const (
	// solveFails is a status that names the step of a build that has failed.
	solveFails = `grpc-status-details-bin: {"code":2,"message":"no","details":[{"@type":"github.com/moby/buildkit/errdefs.Solve+json","value":{"description":{"llb.customname":"[2/2] RUN make\u001b"}}},{"@type":"a/google.rpc.RetryInfo","retryDelay":"1s"}]}`
	// saysNo is a status in base64.
	saysNo = `grpc-status-details-bin: CAISAm5vGhUKBWEvYi5DEgwKCnh4eHh4eHh4eHg=`
)

// TestMetadata: what a call says beside its messages can be read.
func TestMetadata(t *testing.T) {
	const asks = "> POST /a.B/C  deadline 1.500 s\n>   x-id-bin: hello\n>   x-sum-bin: 3 B\n>   containerd-namespace: moby\n"
	const step = "  step              [2/2] RUN make\\e\n<   detail            google.rpc.RetryInfo {\"retryDelay\":\"1s\"}\n"
	for _, c := range []struct {
		name   string
		atOnce bool
		lines  string
		want   string
	}{
		{"in trailers", false, "grpc-status: 2\n" + solveFails, "< 200 · 1.00 ms\n<" + " " + step},
		{"at once", true, "grpc-status: 2\n" + solveFails, "< 200 · 1.00 ms\n<" + " " + step},
		{"in base64", false, saysNo, "< 200 · 1.00 ms\n<   detail            b.C {\"value\":{\"1:len\":\"xxxxxxxxxx\"}}\n"},
		{"masked", false, "grpc-status-details-bin: [masked 7 bytes]", "< 200 · 1.00 ms\n"},
		{"a trailer in base64", false, "x-bin: aGk=\ngrpc-status: 0", "< 200 · 1.00 ms\n< x-bin: hi\n"},
		{"a trailer that is none", false, "x-bin: %", "< 200 · 1.00 ms\n< x-bin: %\n"},
	} {
		if got := briefOf(t, briefBodies, failsWith(c.atOnce, c.lines).events...); got != asks+c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, asks+c.want)
		}
	}
}

// TestMetadataInFull: heads in full are as they were sent, and say what that means.
func TestMetadataInFull(t *testing.T) {
	s := failsWith(false, saysNo)
	for _, fields := range [][]wire.Field{s.events[1].(*wire.Request).Fields, s.events[3].(*wire.Body).Trailer} {
		for i := range fields {
			fields[i].Line = "" // HTTP/2 has none
		}
	}
	s.events[1].(*wire.Request).Fields[3].Masked = true
	for _, want := range []string{
		"> grpc-timeout: 1500m\n", "> x-id-bin: aGVsbG8  = hello\n", "> x-sum-bin: /wD/\n", "> grpc-trace-bin: AAAA  = 3 B\n",
		`< grpc-status-details-bin: {"code":2,"message":"no","details":[{"@type":"a/b.C","value":{"1:len":"xxxxxxxxxx"}}]}` + "\n",
	} {
		if got := textWith(t, Options{Heads: HeadsFull}, s.events...); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestOverdueCalls: a call whose time is over says so, with an answer or without.
func TestOverdueCalls(t *testing.T) {
	s := failsWith(false, "")
	e := s.done(1500)
	e.State, e.Outcome = wire.StateAborted, wire.Outcome{Error: "DeadlineExceeded: the client waited 1.5s for it", Left: true}
	ends := func(o Options, want string) {
		t.Helper()
		o.Bodies = BodiesShort
		if got := textWith(t, o, s.events...); !strings.HasSuffix(got, want+"\n") {
			t.Errorf("got\n%swant %s", got, want)
		}
	}
	ends(Options{Heads: HeadsShort}, "= failed after 1.500 s · "+e.Outcome.Error)
	ends(Options{Heads: HeadsFull}, "  failed: "+e.Outcome.Error)
	e.Response = nil
	ends(Options{Heads: HeadsFull}, "  "+e.Outcome.Error)
	ends(Options{Heads: HeadsShort}, "no response · "+e.Outcome.Error)
}
