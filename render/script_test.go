package render

import (
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// began is the moment at which all scripts begin.
var began = time.Date(2026, 11, 21, 19, 21, 10, 62_900_000, time.UTC)

// script collects the events of an invented trace.
type script struct {
	events []wire.Event
	conn   *wire.Conn
	n      int // exchange in work
	sum    *wire.Exchange
	index  [2]int
	off    [2]int64
}

// at returns the moment ms milliseconds after the beginning.
func at(ms float64) time.Time { return began.Add(time.Duration(ms * float64(time.Millisecond))) }

func (s *script) add(ev wire.Event) { s.events = append(s.events, ev) }

// meta returns where an event of n bytes is, and moves on.
func (s *script) meta(dir wire.Dir, n int, start, end float64) wire.Meta {
	m := wire.Meta{Conn: s.conn, Exchange: s.n, Dir: dir, Off: s.off[dir], Start: at(start), End: at(end)}
	s.off[dir] += int64(n)
	return m
}

// open begins a connection from docker.
func (s *script) open(id int, ms float64) {
	s.conn = &wire.Conn{
		ID: id, Start: at(ms),
		Client: wire.Peer{Process: &wire.Process{PID: 4711, UID: 1000, Name: "docker"}},
		Server: wire.Peer{Addr: "unix:///run/docker.sock", Process: &wire.Process{PID: 812, UID: 0, Name: "dockerd"}},
	}
	s.n, s.off = 0, [2]int64{}
	s.add(&wire.Open{Meta: s.meta(wire.ToServer, 0, ms, ms)})
}

// fields reads "Name: value" lines.
func fields(lines string) (list []wire.Field) {
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		line = strings.TrimSpace(line)
		name, value, _ := strings.Cut(line, ":")
		list = append(list, wire.Field{Name: name, Value: strings.TrimSpace(value), Line: line})
	}
	return list
}

// request begins an exchange.
func (s *script) request(ms float64, method, target, operation, lines string) *wire.Request {
	s.n++
	s.index = [2]int{}
	r := &wire.Request{Method: method, Target: target, Version: "HTTP/1.1", Fields: fields(lines), Call: wire.Call{Operation: operation}}
	r.HeadBytes = int64(len(method) + len(target) + len(lines) + 13)
	r.Meta = s.meta(wire.ToServer, int(r.HeadBytes), ms, ms)
	s.sum = &wire.Exchange{Meta: r.Meta, Request: r}
	s.add(r)
	return r
}

// response answers it.
func (s *script) response(ms float64, status int, reason, lines string) *wire.Response {
	r := &wire.Response{Version: "HTTP/1.1", Status: status, Reason: reason, Fields: fields(lines), Interim: status == 100}
	r.HeadBytes = int64(len(reason) + len(lines) + 15)
	r.Meta = s.meta(wire.ToClient, int(r.HeadBytes), ms, ms)
	if s.sum.FirstByte.IsZero() {
		s.sum.FirstByte = at(ms)
	}
	if r.Interim {
		s.sum.Interim = append(s.sum.Interim, r)
	} else {
		s.sum.Response = r
	}
	s.add(r)
	return r
}

// message adds one unit.
func (s *script) message(ms float64, dir wire.Dir, kind wire.Kind, data string) *wire.Message {
	m := &wire.Message{Kind: kind, Index: s.index[dir], Data: []byte(data), Size: int64(len(data))}
	m.Meta = s.meta(dir, len(data), ms, ms)
	s.index[dir]++
	if s.sum != nil && kind != wire.KindJSON && kind != wire.KindText {
		s.sum.Streams[kind].Frames++
		s.sum.Streams[kind].Bytes += m.Size
	}
	s.add(m)
	return m
}

// body ends a body.
func (s *script) body(ms float64, dir wire.Dir, content wire.Kind, wireBytes int64, data string) *wire.Body {
	b := &wire.Body{Content: content, WireBytes: wireBytes, Bytes: int64(len(data)), Data: []byte(data), Complete: true}
	b.Meta = s.meta(dir, 0, ms, ms)
	if dir == wire.ToServer {
		s.sum.RequestBody = b
	} else {
		s.sum.ResponseBody = b
	}
	s.add(b)
	return b
}

// done ends the exchange.
func (s *script) done(ms float64) *wire.Exchange {
	s.sum.End = at(ms)
	s.add(s.sum)
	return s.sum
}

// shut ends the connection.
func (s *script) shut(ms float64, err string) {
	s.n = 0
	s.add(&wire.Close{Meta: s.meta(wire.ToServer, 0, ms, ms), Bytes: s.off, Err: err})
}

const daemonFields = `
	Api-Version: 1.41
	Docker-Experimental: false
	Ostype: linux
	Server: Docker/20.10.24 (linux)`

const createBody = `{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":true,"AttachStderr":true,` +
	`"Tty":false,"Env":null,"Cmd":["sh","-c","echo out; echo err \u003e\u00262; sleep 0.2; echo out2; exit 3"],` +
	`"Image":"busybox:local","Volumes":{},"Labels":{},"HostConfig":{"Binds":null,"LogConfig":{"Type":"","Config":{}},` +
	`"NetworkMode":"default","PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":false,` +
	`"ConsoleSize":[0,0],"Memory":0,"NanoCpus":0,"CpuShares":0,"OomKillDisable":null,"PidsLimit":0},` +
	`"NetworkingConfig":{"EndpointsConfig":{}}}` + "\n"

const id = "289e72570a23e6dd0b21e4aa9e6b75980c0b5a54bd9f12538259480d70ca9d79"

// runScript is docker run, as far as it shows something of its own.
func runScript() []wire.Event {
	s := &script{}
	s.open(1, 0)
	s.request(0.1, "HEAD", "/_ping", "SystemPing", "Host: api.moby.localhost\nUser-Agent: Docker-Client/28.2.2 (linux)")
	s.response(0.5, 200, "OK", daemonFields+"\nContent-Length: 0\nContent-Type: text/plain; charset=utf-8")
	s.done(0.52)
	s.request(2.7, "POST", "/v1.41/containers/create?name=r1", "ContainerCreate",
		"Host: api.moby.localhost\nContent-Length: 1806\nContent-Type: application/json")
	s.message(2.8, wire.ToServer, wire.KindJSON, createBody)
	s.body(2.8, wire.ToServer, wire.KindJSON, int64(len(createBody)), createBody)
	s.response(170.9, 201, "Created", daemonFields+"\nContent-Type: application/json\nContent-Length: 88")
	created := `{"Id":"` + id + `","Warnings":[]}` + "\n"
	s.message(170.9, wire.ToClient, wire.KindJSON, created)
	s.body(170.9, wire.ToClient, wire.KindJSON, 88, created)
	s.done(170.9)
	first, wait := s.conn, *s
	s.open(2, 172)
	s.request(172.1, "POST", "/v1.41/containers/"+id+"/attach?stderr=1&stdout=1&stream=1", "ContainerAttach",
		"Host: api.moby.localhost\nConnection: Upgrade\nUpgrade: tcp\nContent-Length: 0")
	s.response(173.5, 101, "UPGRADED", "Content-Type: application/vnd.docker.multiplexed-stream\nConnection: Upgrade\nUpgrade: tcp")
	s.sum.Upgrade = &wire.Upgrade{Meta: s.meta(wire.ToClient, 0, 173.5, 173.5), Protocol: "tcp",
		Content: wire.KindMultiplexed, Reason: "content-type"}
	s.add(s.sum.Upgrade)
	attach := *s
	s.conn, s.n, s.index = first, wait.n, [2]int{}
	s.request(174, "POST", "/v1.41/containers/"+id+"/wait?condition=next-exit", "ContainerWait", "Host: api.moby.localhost\nContent-Length: 0")
	s.response(174.3, 200, "OK", "Api-Version: 1.41\nContent-Type: application/json\nTransfer-Encoding: chunked")
	wait = *s
	s.conn, s.n, s.sum, s.index = attach.conn, attach.n, attach.sum, [2]int{}
	s.message(354.4, wire.ToClient, wire.KindStdout, "out\n")
	s.message(354.5, wire.ToClient, wire.KindStderr, "err\nname\tvalue\n")
	s.message(358, wire.ToServer, wire.KindStdin, "hello\n")
	s.message(560, wire.ToClient, wire.KindStdout, "/ # ")
	s.add(&wire.EOF{Meta: s.meta(wire.ToServer, 0, 600, 600)})
	s.add(&wire.EOF{Meta: s.meta(wire.ToClient, 0, 1601.5, 1601.5)})
	s.done(1601.5)
	s.shut(1601.6, "")
	s.conn, s.n, s.sum, s.index = wait.conn, wait.n, wait.sum, [2]int{}
	s.message(1602, wire.ToClient, wire.KindJSON, `{"Error":null,"StatusCode":3}`+"\n")
	s.body(1602, wire.ToClient, wire.KindJSON, 41, `{"Error":null,"StatusCode":3}`+"\n")
	s.done(1602)
	s.shut(1603, "")
	return s.events
}

// pullScript is docker pull with credentials, masked.
func pullScript() []wire.Event {
	s := &script{}
	s.open(3, 0)
	r := s.request(0.1, "POST", "/v1.41/images/create?fromImage=127.0.0.1%3A5055%2Fbb&tag=1", "ImageCreate", "Host: api.moby.localhost\nContent-Length: 0")
	r.Fields = append(r.Fields, wire.Field{Name: "X-Registry-Auth", Value: `{"username":"anna","password":"***","serveraddress":"127.0.0.1:5055"}`, Masked: true})
	r.Masked = []string{"request.headers.X-Registry-Auth"}
	s.response(42.8, 200, "OK", "Api-Version: 1.41\nContent-Type: application/json\nTransfer-Encoding: chunked")
	var all string
	for i, line := range []string{
		`{"status":"Pulling from bb","id":"1"}`,
		`{"status":"Pulling fs layer","progressDetail":{},"id":"a3ed95caeb02"}`,
		`{"status":"Downloading","progressDetail":{"current":32768,"total":760770},"progress":"[==\u003e              ]  32.77kB/760.8kB","id":"a3ed95caeb02"}`,
		`{"aux":{"ID":"sha256:` + id + `","Descriptor":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:` + id + `","size":527}}}`,
		`{"status":"Status: Downloaded newer image for 127.0.0.1:5055/bb:1"}`,
	} {
		s.message(43+float64(i)*12.345, wire.ToClient, wire.KindJSON, line+"\r\n")
		all += line + "\r\n"
	}
	s.body(130, wire.ToClient, wire.KindJSON, int64(len(all))+42, all)
	s.done(130).Masked = r.Masked
	s.shut(131, "")
	return s.events
}

// oddScript is everything that goes wrong or is rare.
func oddScript() []wire.Event {
	s := &script{}
	s.open(12, 0)
	r := s.request(0, "POST", "/v1.41/build?t=x", "ImageBuild", "Host: x\nExpect: 100-continue\nTransfer-Encoding: chunked\nTrailer: X-Sum")
	r.Fields = append(r.Fields, wire.Field{Name: "X-Folded", Value: "one two", Line: "X-Folded:   one\r\n\ttwo"})
	s.response(1, 100, "Continue", "X-Interim: 1")
	tar := "Dockerfile" + strings.Repeat("\x00", 90) + "0000644\x00\xff\xfe" + strings.Repeat("\x00", 2000)
	b := s.body(3, wire.ToServer, wire.KindBinary, int64(len(tar))+30, tar)
	b.Data, b.Truncated = b.Data[:512], true
	b.Trailer = fields("X-Sum: abc")
	s.response(4, 500, "Internal Server Error", "Content-Length: 100\nContent-Type: text/plain")
	s.message(5, wire.ToClient, wire.KindText, "no such file\x1b[2J: \u202etxt.exe\r\nsecond line\tx")
	a := &wire.Anomaly{Meta: s.meta(wire.ToClient, 0, 6, 6), Code: "short-body", Detail: "100 bytes were announced, 45 came"}
	s.add(a)
	s.body(6, wire.ToClient, wire.KindText, 45, "no such file").Complete = false
	e := s.done(6)
	e.State, e.Anomalies = wire.StateAborted, []*wire.Anomaly{a}
	s.shut(6.5, "connection reset by peer")

	s.open(13, 10)
	s.request(10, "POST", "/exec/1/start", "ExecStart", "Host: x")
	s.response(11, 200, "OK", "Content-Type: application/vnd.docker.raw-stream")
	s.sum.Upgrade = &wire.Upgrade{Meta: s.meta(wire.ToClient, 0, 11, 11), Protocol: "hijack", Content: wire.KindTerminal, Reason: "tty"}
	s.add(s.sum.Upgrade)
	s.message(12, wire.ToClient, wire.KindTerminal, "/ # \x1b[6nls\r\n\x1b[1;34mbin\x1b[m  etc\r\n")
	s.message(13.5, wire.ToServer, wire.KindStdin, "ls\r")
	cut := s.message(14, wire.ToClient, wire.KindStdout, "the beginning of a very large frame")
	cut.Truncated, cut.Size = true, 5<<20
	s.message(15, wire.ToClient, wire.KindSystemErr, "")
	s.message(16, wire.ToServer, wire.KindRaw, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04")
	s.add(&wire.Dropped{Meta: wire.Meta{Start: at(17), End: at(18)}, Events: 1234, Bytes: 5_000_000})
	s.add(&wire.Anomaly{Meta: s.meta(wire.ToServer, 0, 19, 19), Code: "gap", Lost: 512})
	s.sum.Response = nil
	s.done(65_000).State = wire.StateOpen

	s.n = 7 // nothing of this exchange was seen before
	s.sum = &wire.Exchange{Meta: s.meta(wire.ToClient, 0, 66_000, 66_000), State: wire.StatePartial}
	s.message(66_000, wire.ToClient, wire.KindJSON, `{"a":[1,2.50,1e400,{"b":{},"b":[]}],"long":"`+strings.Repeat("x", 90)+`","世界":"界`)
	s.message(66_100, wire.ToClient, wire.KindJSON, `{"not json" true}`)
	s.done(66_200)
	return s.events
}
