package render

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// exchanging returns a finished exchange that asks for an operation, with a client whose
// name is short.
func exchanging(operation string, status int, more ...func(*wire.Exchange)) *wire.Exchange {
	m := wire.Meta{Conn: &wire.Conn{ID: 1, Client: wire.Peer{Process: &wire.Process{PID: 7, Name: "c"}}}, Exchange: 2, Start: at(0), End: at(5)}
	x := &wire.Exchange{Meta: m, Request: &wire.Request{Meta: m, Method: "POST", Target: "/v1.41/x/" + id + "?a=b", Call: wire.Call{Operation: operation}}}
	if status > 0 {
		x.Response = &wire.Response{Meta: m, Status: status}
	}
	for _, f := range more {
		f(x)
	}
	return x
}

func naming(typ, id, name string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Subject = wire.Subject{Type: typ, ID: id, Name: name} }
}

func execIn(id, container string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Subject = wire.Subject{Type: "exec", ID: id, Container: container} }
}

func detailed(name, value string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Details = append(x.Details, wire.Detail{Name: name, Value: value}) }
}

func exiting(n int64) func(*wire.Exchange) { return func(x *wire.Exchange) { x.Outcome.Exit = &n } }
func failing(why string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Outcome.Error = why }
}
func because(reason string) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Response.Reason = reason }
}
func ending(s wire.State) func(*wire.Exchange) { return func(x *wire.Exchange) { x.State = s } }

func leaving(x *wire.Exchange) {
	x.Outcome.Left, x.State, x.Anomalies = true, wire.StateAborted, make([]*wire.Anomaly, 1)
}

func breaking(times int) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Anomalies = make([]*wire.Anomaly, times) }
}

func streaming(kind wire.Kind, size int64) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.Streams[kind] = wire.StreamStat{Frames: 3, Bytes: size} }
}

// answers has the daemon send as many units in a body of that kind and size.
func answering(n int64, kind wire.Kind, size int64) func(*wire.Exchange) {
	return func(x *wire.Exchange) {
		x.Messages, x.ResponseBody = [2]int64{9, n}, &wire.Body{Content: kind, WireBytes: size, Bytes: 7}
	}
}

func sending(size int64) func(*wire.Exchange) {
	return func(x *wire.Exchange) { x.RequestBody = &wire.Body{WireBytes: size, Bytes: 7} }
}

// TestCompactLines says what a line tells of an exchange, where there is room.
func TestCompactLines(t *testing.T) {
	const digest = "sha256:" + id
	for _, c := range []struct {
		x    *wire.Exchange
		want string // behind when and which it is
	}{
		{exchanging("SystemInfo", 200), "200  5.00 ms  SystemInfo            c[7]"},
		{exchanging("ContainerCreate", 201, naming("container", id, "nc1"), detailed("image", "busybox")), "201  5.00 ms  ContainerCreate       nc1 (289e7257)  image=busybox  c[7]"},
		{exchanging("ContainerStart", 204, naming("container", id, "nc1")), "204  5.00 ms  ContainerStart        nc1  c[7]"},
		{exchanging("ContainerStart", 204, naming("container", id, "")), "204  5.00 ms  ContainerStart        289e72570a23  c[7]"},
		{exchanging("ContainerStart", 204, naming("container", "289e", "")), "204  5.00 ms  ContainerStart        289e  c[7]"},
		{exchanging("ContainerCreate", 201, naming("container", id, "")), "201  5.00 ms  ContainerCreate       289e72570a23  c[7]"},
		{exchanging("VolumeCreate", 201, naming("volume", "", "data")), "201  5.00 ms  VolumeCreate          data  c[7]"},
		{exchanging("VolumeCreate", 201, naming("volume", "short", "data")), "201  5.00 ms  VolumeCreate          data  c[7]"},
		{exchanging("ImageInspect", 200, naming("image", digest, "")), "200  5.00 ms  ImageInspect          289e72570a23  c[7]"},
		{exchanging("ImageInspect", 200, naming("image", digest, "a@"+digest)), "200  5.00 ms  ImageInspect          a@sha256:289e72570a23…  c[7]"},
		{exchanging("ContainerExec", 201, execIn(id, "web"), detailed("cmd", "ls -l")), "201  5.00 ms  ContainerExec         exec in web  cmd=ls -l  c[7]"},
		{exchanging("ContainerExec", 201, naming("container", id, "nc1")), "201  5.00 ms  ContainerExec         nc1  c[7]"},
		{exchanging("ContainerCreate", 409, naming("container", id, "nc1")), "409  5.00 ms  ContainerCreate       nc1  c[7]"},
		{exchanging("ImageCreate", 200, naming("image", id, "busybox")), "200  5.00 ms  ImageCreate           busybox  c[7]"},
		{exchanging("NetworkCreateLibpod", 201, naming("network", id, "n")), "201  5.00 ms  NetworkCreateLibpod   n (289e7257)  c[7]"},
		{exchanging("ExecStart", 101, execIn(id, "web"), streaming(wire.KindStdout, 3)), "101  5.00 ms  ExecStart             exec in web  stdout 3 B  c[7]"},
		{exchanging("ExecStart", 101, execIn(id, id)), "101  5.00 ms  ExecStart             exec in 289e72570a23  c[7]"},
		{exchanging("ExecStart", 101, execIn(id, "")), "101  5.00 ms  ExecStart             exec 289e72570a23  c[7]"},
		{exchanging("ContainerWait", 200, naming("container", id, "nc1"), exiting(3)), "200  5.00 ms  ContainerWait         nc1  exit 3  c[7]"},
		{exchanging("ContainerWait", 200, exiting(0)), "200  5.00 ms  ContainerWait         exit 0  c[7]"},
		{exchanging("ContainerInspect", 404, naming("container", "demo", ""), failing("No such container: demo")), "404  5.00 ms  ContainerInspect      demo  ! No such container: demo  c[7]"},
		{exchanging("ContainerStart", 500, failing("of "+id+":\n\x1b[2J")), `500  5.00 ms  ContainerStart        ! of 289e72570a23…:\n\e[2J  c[7]`},
		{exchanging("ImageCreate", 200, answering(3, wire.KindJSON, 9), failing("denied")), "200  5.00 ms  ImageCreate           3 messages  ! denied  c[7]"},
		{exchanging("ContainerList", 200, answering(1, wire.KindJSON, 100_000)), "200  5.00 ms  ContainerList         c[7]"},
		{exchanging("ContainerList", 200, answering(1, wire.KindJSON, 100_001)), "200  5.00 ms  ContainerList         ↓ 100.0 kB  c[7]"},
		{exchanging("ContainerLogs", 200, answering(9, wire.KindText, 9)), "200  5.00 ms  ContainerLogs         c[7]"},
		{exchanging("SystemEvents", 200, answering(8, wire.KindJSON, 9), leaving), "200  5.00 ms  SystemEvents          8 events, client left  c[7]"},
		{exchanging("SystemEventsLibpod", 200, answering(1, wire.KindNone, 0)), "200  5.00 ms  SystemEventsLibpod    1 event  c[7]"},
		{exchanging("SystemEvents", 200, leaving), "200  5.00 ms  SystemEvents          client left  c[7]"},
		{exchanging("SystemEvents", 0, leaving), "  -  5.00 ms  SystemEvents          client left  c[7]"},
		{exchanging("ImageBuild", 200, naming("image", "", "bb"), answering(16, wire.KindJSON, 9), leaving, failing("exit 7")), "200  5.00 ms  ImageBuild            bb  16 messages  ! exit 7  c[7]"},
		{exchanging("PutContainerArchive", 200, naming("container", id, "web"), detailed("path", "/tmp/"+id)), "200  5.00 ms  PutContainerArchive   web:/tmp/289e72570a23…  c[7]"},
		{exchanging("ContainerArchiveInfo", 404, naming("container", "web", ""), detailed("path", "/\x1b"), because("Not Found")), `404  5.00 ms  ContainerArchiveInfo  web:/\e  ! Not Found  c[7]`},
		{exchanging("X", 200, naming("image", "", "a"), detailed("path", "/b")), "200  5.00 ms  X                     a  path=/b  c[7]"},
		{exchanging("X", 399, because("Odd")), "399  5.00 ms  X                     c[7]"},
		{exchanging("ImageBuild", 0, ending(wire.StateAborted), breaking(1), sending(2_000_000)), "  -  5.00 ms  ImageBuild            aborted, 1 anomaly  ↑ 2.0 MB  c[7]"},
		{exchanging("ImageBuild", 200, ending(wire.StatePartial), breaking(10)), "200  5.00 ms  ImageBuild            partial, 10 anomalies  c[7]"},
		{exchanging("ImageBuild", 200, ending(wire.StateOpen)), "200  5.00 ms  ImageBuild            open  c[7]"},
		{exchanging("ContainerAttach", 101, streaming(wire.KindStdin, 1), streaming(wire.KindStderr, 2), streaming(wire.KindStdout, 300_000), exiting(137)),
			"101  5.00 ms  ContainerAttach       exit 137, stdout 300.0 kB, stderr 2 B, stdin 1 B  c[7]"},
		{exchanging("", 200), "200  5.00 ms  POST /v1.41/x/289e72570a23…?a=b  c[7]"},
		{exchanging("", 200, answering(1, wire.KindJSON, 12), sending(0)), "200  5.00 ms  POST /v1.41/x/289e72570a23…?a=b  ↓ 12 B  c[7]"},
		{exchanging("", 502, sending(12), failing("oh")), "502  5.00 ms  POST /v1.41/x/289e72570a23…?a=b  ! oh  ↑ 12 B  c[7]"},
		{exchanging("SystemInfo", 200, func(x *wire.Exchange) { x.Conn = nil }), "200  5.00 ms  SystemInfo"},
		{exchanging("SystemInfo", 200, func(x *wire.Exchange) { x.Request = nil }), "200  5.00 ms  (request not seen)  c[7]"},
	} {
		which := "1.2    "
		if c.x.Conn == nil {
			which = "-.2    "
		}
		if got := compactOf(t, 0, c.x); got != "19:21:10.062  "+which+c.want+"\n" {
			t.Errorf("got\n%swant\n%27s%s", got, "", c.want)
		}
	}
}

// TestCompactOptions are the same lines with paths, and with ASCII alone.
func TestCompactOptions(t *testing.T) {
	large := exchanging("ContainerList", 200, naming("image", "", "sha256:"+id), answering(1, wire.KindJSON, 1_000_000), sending(200_000))
	for _, c := range []struct {
		o    Options
		x    *wire.Exchange
		want string
	}{
		{Options{Paths: true}, exchanging("SystemInfo", 200), "200  5.00 ms  SystemInfo            POST /v1.41/x/289e72570a23…?a=b  c[7]\n"},
		{Options{Paths: true}, exchanging("", 200), "200  5.00 ms  POST /v1.41/x/289e72570a23…?a=b  c[7]\n"},
		{Options{Paths: true, ASCII: true}, exchanging("SystemInfo", 200), "200  5.00 ms  SystemInfo            POST /v1.41/x/289e72570a23...?a=b  c[7]\n"},
		{Options{}, large, "200  5.00 ms  ContainerList         sha256:289e72570a23…  ↑ 200.0 kB  ↓ 1.0 MB  c[7]\n"},
		{Options{ASCII: true}, large, "200  5.00 ms  ContainerList         sha256:289e72570a23...  > 200.0 kB  < 1.0 MB  c[7]\n"},
	} {
		if got := strings.TrimPrefix(showCompact(t, c.o, c.x), "19:21:10.062  1.2    "); got != c.want {
			t.Errorf("got  %swant %s", got, c.want)
		}
	}
}

// TestCompactColumns: a number that is longer than others moves what is behind it,
// from then on.
func TestCompactColumns(t *testing.T) {
	numbered := func(conn, exchange int) wire.Event {
		x := exchanging("SystemInfo", 200)
		x.Conn, x.Exchange = &wire.Conn{ID: conn}, exchange
		return x
	}
	got := compactOf(t, 0, numbered(1, 2), numbered(10, 2), numbered(1, 2), numbered(10, 123), numbered(1, 2), &wire.Close{Meta: wire.Meta{Conn: &wire.Conn{ID: 2}, End: at(5)}, Err: "reset"})
	want := `19:21:10.062  1.2    200  5.00 ms  SystemInfo
19:21:10.062  10.2   200  5.00 ms  SystemInfo
19:21:10.062  1.2    200  5.00 ms  SystemInfo
19:21:10.062  10.123  200  5.00 ms  SystemInfo
19:21:10.062  1.2     200  5.00 ms  SystemInfo
19:21:10.067  2       ! reset
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestCompactLeft: what a client breaks off by leaving is no line.
func TestCompactLeft(t *testing.T) {
	a := &wire.Anomaly{Meta: wire.Meta{Conn: &wire.Conn{ID: 1}, Exchange: 2, End: at(5)}, Code: "incomplete"}
	for _, is := range []bool{true, false} {
		var out strings.Builder
		if err := NewCompact(&out, Options{}).Event(a, &wire.Exchange{Outcome: wire.Outcome{Left: is}}); err != nil {
			t.Fatal(err)
		}
		if told := out.Len() > 0; told == is {
			t.Errorf("left %t: %s", is, &out)
		}
	}
}
