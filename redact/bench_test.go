package redact

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// inspectJSON is part of an answer to ContainerInspect without secrets, about
// 1.5 KB.
const inspectJSON = `{"Id":"6a9de4270bb6c4c237bcd006b159848591952901748713101e7742d37351c74c","Created":"2026-11-21T19:21:28.123456789Z","Path":"sh","Args":["-c","cat; echo done"],` +
	`"State":{"Status":"running","Running":true,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":4711,"ExitCode":0,"Error":"","StartedAt":"2026-11-21T19:21:28.4Z","FinishedAt":"0001-01-01T00:00:00Z"},` +
	`"Image":"sha256:611446b5f26b3a24ade6250282e1c76a3279569493c279727516954e898efeb77","ResolvConfPath":"/var/lib/docker/containers/6a9d/resolv.conf","Name":"/rs","RestartCount":0,"Driver":"overlay2","Platform":"linux",` +
	`"HostConfig":{"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"json-file","Config":{}},"NetworkMode":"default","PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":false,"CapAdd":null,"DnsOptions":[],"Privileged":false,"SecurityOpt":null,"ShmSize":67108864,"Runtime":"runc","ConsoleSize":[0,0],"MaskedPaths":["/proc/asound","/proc/acpi","/proc/kcore","/proc/keys","/proc/timer_list"],"ReadonlyPaths":["/proc/bus","/proc/fs"]},` +
	`"Config":{"Hostname":"6a9de4270bb6","User":"","Tty":false,"OpenStdin":true,"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["sh","-c","cat; echo done"],"Image":"busybox:local","Volumes":null,"WorkingDir":"","Entrypoint":null,"Labels":{}}}` + "\n"

// inspect returns the events of an exchange, as a decoder gives them.
func inspect(conn *wire.Conn, n int, body string) []wire.Event {
	up, down := wire.Meta{Conn: conn, Exchange: n}, wire.Meta{Conn: conn, Exchange: n, Dir: wire.ToClient}
	q := &wire.Request{Meta: up, Method: "GET", Target: "/v1.41/containers/rs/json", Version: "HTTP/1.1",
		Fields: []wire.Field{headerField("Host: api.moby.localhost"), headerField("User-Agent: Docker-Client/28.2.2 (linux)")}}
	p := &wire.Response{Meta: down, Version: "HTTP/1.1", Status: 200, Reason: "OK", Fields: []wire.Field{headerField("Api-Version: 1.41"), headerField("Content-Type: application/json"),
		headerField("Docker-Experimental: false"), headerField("Ostype: linux"), headerField("Server: Docker/20.10.24+dfsg1 (linux)"), headerField("Date: Sat, 21 Nov 2026 19:21:28 GMT"), headerField("Transfer-Encoding: chunked")}}
	b := &wire.Body{Meta: down, Content: wire.KindJSON, Data: []byte(body), Complete: true}
	return []wire.Event{q, p, &wire.Message{Meta: down, Kind: wire.KindJSON, Data: b.Data[:len(body)-1]}, b,
		&wire.End{Meta: up}}
}

// images is an answer to ImageList, of about 100 KB.
func images() string {
	var b strings.Builder
	for i := range 340 {
		fmt.Fprintf(&b, `{"Containers":-1,"Created":%d,"Id":"sha256:%064x","Labels":{"maintainer":"nobody"},"ParentId":"","RepoDigests":[],"RepoTags":["r.example/a/b:%d"],`+
			`"SharedSize":-1,"Size":%d,"OS":"linux","Descriptor":{"mediaType":"application/vnd.oci.image.index.v1+json"}},`, 1795288868+i, i*7919, i, i*104729)
	}
	return "[" + b.String() + "{}]\n"
}

// BenchmarkExchange measures all the events of an exchange: heads, a JSON body
// as a message and as a body, and the exchange that holds them again.
func BenchmarkExchange(b *testing.B) {
	with := func(env string) string { return strings.Replace(inspectJSON, `"Env":[`, `"Env":["`+env+`",`, 1) }
	for _, bb := range []struct{ name, body string }{
		{"small", `{"Id":"6a9de4270bb6c4c237bcd006b159848591952901748713101e7742d37351c74c","Warnings":[]}` + "\n"},
		{"plain", with("LANG=C")}, {"secret", with("DB_PASSWORD=" + secret)}, {"large", images()},
	} {
		b.Run(bb.name, func(b *testing.B) {
			c := newConv()
			evs := inspect(c.conn, 1, bb.body)
			b.SetBytes(int64(len(bb.body)))
			b.ReportAllocs()
			for b.Loop() {
				for _, ev := range evs {
					c.r.Event(ev)
				}
			}
		})
	}
}

// listed is a container, as ContainerList has it; %d is its number, twice.
const listed = `{"Id":"6a9de4270bb6c4c237bcd006b159848591952901748713101e7742d37351c7%02d","Names":["/web-%d"],"Image":"nginx:1.27","ImageID":"sha256:611446b5f26b3a24ade6250282e1c76a3279569493c279727516954e898efeb7","Command":"/docker-entrypoint.sh nginx -g 'daemon off;'","Created":1795288868,` +
	`"Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"}],"Labels":{"com.docker.compose.project":"shop","com.docker.compose.service":"web","com.docker.compose.version":"2.40.3","maintainer":"NGINX Docker Maintainers"},"State":"running","Status":"Up 2 hours",` +
	`"HostConfig":{"NetworkMode":"shop_default"},"NetworkSettings":{"Networks":{"shop_default":{"IPAMConfig":null,"Links":null,"Aliases":null,"MacAddress":"02:42:ac:12:00:02","DriverOpts":null,"GwPriority":0,"NetworkID":"7d7e5b3f9a7f0c9f0f1f9a7f0c9f0f1f9a7f0c9f0f1f9a7f0c9f0f1f9a7f0c9f","EndpointID":"1f9a7f0c9f0f1f9a7f0c9f0f1f9a7f0c9f0f1f9a7f0c9f0f1f9a7f0c9f0f1f9a","Gateway":"172.18.0.1","IPAddress":"172.18.0.2","IPPrefixLen":16,"IPv6Gateway":"","GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}},` +
	`"Mounts":[{"Type":"volume","Name":"html","Source":"/var/lib/docker/volumes/html/_data","Destination":"/usr/share/nginx/html","Driver":"local","Mode":"z","RW":true,"Propagation":""}]}`

// containers returns an answer to ContainerList with n of them.
func containers(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(listed, i%100, i)
	}
	return "[" + strings.Join(all, ",") + "]\n"
}

// escaped is a list of a few members, one of them with escapes, as generators of load
// make it.
func escaped(n int) string {
	one := `{"Id":"80805340dce5e1191e014b31436c33f8","Names":["/c0"],"State":"running","SizeRw":268470398,"Labels":{"a.b/c":"\u00e9 \"q\""}},`
	return "[" + strings.Repeat(one, n) + "{}]\n"
}

// BenchmarkJSON measures one JSON message. What has nothing to mask needs no memory; a list
// of containers takes 2 ns a byte, and what has more keys to a byte 2.5.
func BenchmarkJSON(b *testing.B) {
	build := `{"stream":"Step 2/3 : COPY f.txt /f.txt \u003e here\n"}`
	for _, bb := range []struct{ name, text string }{
		{"inspect", inspectJSON}, {"progress", build}, {"list", "[" + string(bytes.Repeat([]byte(inspectJSON+","), 100)) + "{}]"},
		{"containers", containers(20)}, {"escapes", escaped(8)}, {"1MiB", containers(800)}, {"images", images()},
	} {
		b.Run(bb.name, func(b *testing.B) {
			c := newConv()
			m := &wire.Message{Meta: c.meta(1, wire.ToClient), Kind: wire.KindJSON, Data: []byte(bb.text)}
			b.SetBytes(int64(len(bb.text)))
			b.ReportAllocs()
			for b.Loop() {
				c.r.Event(m)
			}
		})
	}
}

// BenchmarkBody is BenchmarkJSON for a body that no message came of, as where only whole
// exchanges are told.
func BenchmarkBody(b *testing.B) {
	for _, bb := range []struct{ name, text string }{{"empty", "{}"}, {"inspect", inspectJSON}, {"escapes", escaped(8)}, {"containers", containers(20)}} {
		b.Run(bb.name, func(b *testing.B) {
			c := newConv()
			body := &wire.Body{Meta: c.meta(1, wire.ToClient), Content: wire.KindJSON, Data: []byte(bb.text), Complete: true}
			b.SetBytes(int64(len(bb.text)))
			b.ReportAllocs()
			for b.Loop() {
				c.r.Event(body)
			}
		})
	}
}

// BenchmarkBodies is BenchmarkBody for bodies each of which is another, as in captures: a
// processor that has seen a body before passes it twice as fast.
func BenchmarkBodies(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	bodies := make([][]byte, 2048)
	size := 0
	for i := range bodies {
		body := []byte{'['}
		for n := range 1 + rnd.IntN(9) {
			body = fmt.Appendf(body, `{"Id":"%016x%016x","Names":["/c%d"],"State":"running","SizeRw":%d,"Labels":{"a.b/c":"\u00e9 \"q\""}},`, rnd.Uint64(), rnd.Uint64(), n, rnd.Uint32())
		}
		body[len(body)-1] = ']'
		bodies[i] = body
		size += len(body)
	}
	c := newConv()
	b.SetBytes(int64(size / len(bodies)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.r.Event(&wire.Body{Meta: c.meta(1, wire.ToClient), Content: wire.KindJSON, Data: bodies[i%len(bodies)], Complete: true})
	}
}

// BenchmarkHead measures the heads of an exchange, and its end: about 550 ns, half
// of it in the fields, a seventh in what the target may be.
func BenchmarkHead(b *testing.B) {
	c := newConv()
	evs := inspect(c.conn, 1, "\n")
	evs = []wire.Event{evs[0], evs[1], evs[4]}
	b.ReportAllocs()
	for b.Loop() {
		for _, ev := range evs {
			c.r.Event(ev)
		}
	}
}

// BenchmarkStream measures pieces of streams.
func BenchmarkStream(b *testing.B) {
	line := []byte("2026-11-22 10:00:00,123 INFO  [main] org.example.App: listening on http://0.0.0.0:8080/ with 4 workers\n")
	for _, size := range []int{1, 100} {
		for _, kind := range []wire.Kind{wire.KindStdout, wire.KindRaw, wire.KindStdin} {
			b.Run(fmt.Sprintf("%v/%dlines", kind, size), func(b *testing.B) {
				c := newConv()
				m := &wire.Message{Meta: c.meta(1, wire.ToClient), Kind: kind, Data: bytes.Repeat(line, size)}
				b.SetBytes(int64(len(m.Data)))
				b.ReportAllocs()
				for b.Loop() {
					c.r.Event(m)
				}
			})
		}
	}
}
