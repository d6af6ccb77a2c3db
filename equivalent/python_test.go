package equivalent

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// flat returns a call with its arguments on one line.
func flat(text string) string {
	return strings.NewReplacer("(\n    ", "(", ",\n    ", ", ", ",\n)", ")").Replace(text)
}

func TestPython(t *testing.T) {
	frames := func(x *wire.Exchange) { x.Streams[wire.KindStdin].Frames = 1 }
	archive := func(x *wire.Exchange) {
		x.RequestBody = &wire.Body{Content: wire.KindTar, Bytes: 5, Files: &wire.Files{Files: 1}}
	}
	cut := func(x *wire.Exchange) { x.RequestBody.Truncated, x.RequestBody.Bytes = true, 99 }
	for _, c := range []struct {
		x    *wire.Exchange
		want string
		note string // is in the notes
	}{
		{exchange("GET", "/v1.41/containers/json?all=1&limit=3&filters=%7B%22name%22%3A%7B%22a%22%3Atrue%7D%7D", ""),
			"print(client.containers.list(all=True, limit=3, filters={'name': ['a']}))", ""},
		{exchange("GET", "/v1.41/containers/json?all=0&limit=-1&size=0&trunc_cmd=0", ""), "print(client.containers.list())", ""},
		{exchange("GET", "/v1.41/containers/json?size=1", ""), "print(client.containers.list())", "docker-py 7 has no argument for it: size=1."},
		{exchange("GET", "/version", ""), "print(client.version(api_version=False))", ""},
		{exchange("GET", "/v1.41/version", ""), "print(client.version())", ""},
		{exchange("GET", "/v1.41/containers/a%27b/json", ""), `print(client.containers.get('a\'b').attrs)`, ""},
		{exchange("POST", "/v1.41/containers/web/stop?t=3&signal=INT", ""), "client.containers.get('web').stop(timeout=3)", "signal=INT"},
		{exchange("DELETE", "/v1.41/containers/web?force=1&v=1&link=0", ""), "client.containers.get('web').remove(v=True, force=True)", ""},
		{exchange("GET", "/v1.41/containers/web/logs?stdout=1&tail=all", ""), "print(client.containers.get('web').logs(stderr=False).decode(errors='replace'), end='')", ""},
		{exchange("GET", "/v1.41/containers/web/logs?stdout=1&stderr=1&follow=1&tail=5", ""), "for item in client.containers.get('web').logs(stream=True, follow=True, tail=5):\n    print(item)", ""},
		{exchange("GET", "/v1.41/containers/web/logs?stdout=1&stderr=1&since=1700000000.500000000&until=1700000009", ""),
			"print(client.containers.get('web').logs(since=1700000000.500000000, until=1700000009).decode(errors='replace'), end='')", "whole seconds"},
		{exchange("GET", "/v1.41/containers/web/logs?stdout=1&stderr=1&since=0&until=0.000", ""), "print(client.containers.get('web').logs().decode(errors='replace'), end='')", ""},
		{exchange("GET", "/v1.41/containers/web/logs?stdout=1&stderr=1&since=2h&until=-3", ""), "print(client.containers.get('web').logs().decode(errors='replace'), end='')", "argument for it: since=2h, until=-3."},
		{exchange("POST", "/v1.41/images/create?fromImage=localhost:5000%2Fa", ""), "for item in client.api.pull('localhost:5000/a', all_tags=True, stream=True, decode=True):\n    print(item)", ""},
		{exchange("POST", "/v1.41/images/create?fromImage=localhost:5000%2Fa:1", ""), "for item in client.api.pull('localhost:5000/a:1', stream=True, decode=True):\n    print(item)", ""},
		{exchange("POST", "/v1.41/images/create?fromImage=a@sha256:0", ""), "for item in client.api.pull('a@sha256:0', stream=True, decode=True):\n    print(item)", ""},
		{exchange("POST", "/v1.41/containers/web/start", ""), "client.containers.get('web').start()", ""},
		{exchange("GET", "/v1.41/containers/web/stats?stream=0", ""), "print(client.containers.get('web').stats(stream=False))", ""},
		{exchange("GET", "/v1.41/containers/web/stats", ""), "for item in client.containers.get('web').stats(decode=True):\n    print(item)", ""},
		{exchange("POST", "/v1.41/containers/web/attach?stream=1&stdout=1", ""), "for item in client.containers.get('web').attach(stderr=False, stream=True):\n    print(item)", ""},
		{exchange("POST", "/v1.41/containers/web/attach?stream=1&stdin=1", ""), "client.containers.get('web').attach_socket(params={'stream': '1', 'stdin': '1'})", "the socket"},
		{exchange("GET", "/v1.41/containers/web/attach/ws?stream=1", ""), "client.containers.get('web').attach_socket(params={'stream': '1'}, ws=True)", "the socket"},
		{exchange("GET", "/v1.41/containers/web/archive?path=%2Fetc", ""), "with open('answer.tar', 'wb') as f:\n    f.writelines(client.containers.get('web').get_archive('/etc')[0])", ""},
		{exchange("HEAD", "/v1.41/containers/web/archive?path=%2Fetc", ""), "print(client.api.head(client.api.base_url + '/v1.41/containers/web/archive', params=[('path', '/etc')]).headers)", "no method"},
		{with(exchange("PUT", "/v1.41/containers/web/archive?path=%2Ftmp&noOverwriteDirNonDir=true", "x"), archive), "print(client.containers.get('web').put_archive('/tmp', open('archive.tar', 'rb')))", "noOverwriteDirNonDir=true"},
		{exchange("POST", "/v1.41/images/create?fromImage=a&tag=b&platform=linux%2Farm64", ""), "for item in client.api.pull('a', tag='b', platform='linux/arm64', stream=True, decode=True):\n    print(item)", "client.images.pull"},
		{exchange("POST", "/v1.41/images/create?fromImage=a", ""), "for item in client.api.pull('a', all_tags=True, stream=True, decode=True):\n    print(item)", ""},
		{with(exchange("POST", "/v1.41/images/create?fromSrc=-&repo=a&tag=b&changes=CMD+x&changes=ENV+a%3Db", "x"), archive),
			"print(client.api.import_image_from_file('archive.tar', repository='a', tag='b', changes=['CMD x', 'ENV a=b']))", "archive.tar"},
		{exchange("POST", "/v1.41/images/create?fromSrc=http%3A%2F%2Fh%2Fa.tar", ""), "print(client.api.import_image_from_url('http://h/a.tar'))", ""},
		{with(exchange("POST", "/v1.41/build?t=a&rm=1&buildargs=%7B%22a%22%3A%22b%22%7D&labels=%7B%7D&cpushares=3&version=1&session=x&dockerfile=Dockerfile", "x"), archive),
			"image, log = client.images.build(fileobj=open('archive.tar', 'rb'), custom_context=True, rm=True, tag='a', buildargs={'a': 'b'}, container_limits={'cpushares': 3})\nfor item in log:\n    print(item)", "session=x."},
		{with(exchange("POST", "/v1.41/build", "x"), archive), "image, log = client.images.build(fileobj=open('archive.tar', 'rb'), custom_context=True, rm=True)\nfor item in log:\n    print(item)", ""},
		{with(exchange("POST", "/v1.41/build?rm=0", "x"), archive), "image, log = client.images.build(fileobj=open('archive.tar', 'rb'), custom_context=True)\nfor item in log:\n    print(item)", ""},
		{exchange("POST", "/v1.41/commit?container=web&repo=a&tag=b&changes=CMD+x&pause=1", "null"), "print(client.containers.get('web').commit(repository='a', tag='b', changes=['CMD x']).id)", ""},
		{exchange("POST", "/v1.41/containers/web/exec", `{"Cmd":["a"],"AttachStdout":true,"AttachStderr":true,"Tty":true,"ConsoleSize":[24,80]}`, jsonType), "print(client.api.exec_create('web', cmd=['a'], tty=True))", "ConsoleSize=[24,80]"},
		{exchange("POST", "/v1.41/exec/e1/start", `{"Detach":false,"Tty":true}`, jsonType), "for item in client.api.exec_start('e1', tty=True, stream=True):\n    print(item)", ""},
		{exchange("POST", "/v1.41/exec/e1/start", `{"Detach":true}`, jsonType), "client.api.exec_start('e1', detach=True)", ""},
		{with(exchange("POST", "/v1.41/exec/e1/start", `{}`, jsonType), frames), "client.api.exec_start('e1', socket=True)", "the socket"},
		{exchange("POST", "/v1.41/networks/create", `{"Name":"n","Driver":"bridge","Internal":true,"IPAM":{"Config":[{"Subnet":"10.0.0.0/24"}]},"Options":{},"ConfigOnly":true}`, jsonType),
			"print(client.networks.create('n', driver='bridge', ipam={'Config': [{'Subnet': '10.0.0.0/24'}]}, internal=True).id)", "ConfigOnly=true."},
		{exchange("POST", "/v1.41/networks/n/connect", `{"Container":"web","EndpointConfig":{"Aliases":["a"],"IPAMConfig":{"IPv4Address":"10.0.0.2"},"GwPriority":3}}`, jsonType),
			"client.networks.get('n').connect('web', aliases=['a'], ipv4_address='10.0.0.2')", "EndpointConfig.GwPriority=3"},
		{exchange("POST", "/v1.41/plugins/x/push", ""), "print(client.api.post(client.api.base_url + '/v1.41/plugins/x/push').text)", "no method"},
		{exchange("POST", "/other", `{"a":[1,true,null,"x"]}`), "print(client.api.post(client.api.base_url + '/other', json={'a': [1, True, None, 'x']}).text)", ""},
		{exchange("POST", "/other", `text`), "print(client.api.post(client.api.base_url + '/other', data='text'.encode()).text)", ""},
		{exchange("FOO", "/other", ""), "print(client.api.request('FOO', client.api.base_url + '/other').text)", ""},
		{exchange("GET", "/v1.41/info", "", "X-Meta: a"), "print(client.info())", "The field X-Meta was sent too: a"},
		{exchange("POST", "/session", ""), "", "HTTP/2"},
		{with(exchange("POST", "/volumes/create", `{"Name":"`), cut), "print(client.api.post(client.api.base_url + '/volumes/create', data=open('body.json', 'rb')).text)", "does not stand here"},
		{with(exchange("POST", "/containers/create", `{"Image":"`), cut), "print(client.api.post(client.api.base_url + '/containers/create', data=open('body.json', 'rb')).text)", "99 bytes"},
		{with(exchange("POST", "/exec/a/start", `{"Image":"`), cut), "print(client.api.post(client.api.base_url + '/exec/a/start', data=open('body.json', 'rb')).text)", "99 bytes"},
		{with(exchange("POST", "/networks/a/connect", `{"Image":"`), cut), "print(client.api.post(client.api.base_url + '/networks/a/connect', data=open('body.json', 'rb')).text)", "99 bytes"},
	} {
		got := python(c.x, Options{})
		if flat(got.Text) != flat(c.want) {
			t.Errorf("got\n%s\nwant\n%s", got.Text, c.want)
		}
		if says := strings.Join(got.Notes, "\n"); !strings.Contains(says, c.note) {
			t.Errorf("%s: notes %q, want %q", c.want, got.Notes, c.note)
		}
	}
}

// TestPythonCreates: each field of a container that docker-py has an argument for, and
// others.
func TestPythonCreates(t *testing.T) {
	create := func(doc string) Call {
		return python(exchange("POST", "/v1.41/containers/create?name=web", doc, jsonType), Options{})
	}
	for field, want := range map[string]string{
		`"Tty":true`: "tty=True", `"Env":["A=b"]`: "environment=['A=b']", `"Labels":{"a":"b"}`: "labels={'a': 'b'}",
		`"HostConfig":{"Binds":["/a:/b:ro"]},"Volumes":{"/c":{}}`:                                                 "volumes=['/a:/b:ro', '/c']",
		`"ExposedPorts":{"80/tcp":{}},"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}}`: "ports={'80/tcp': 8080}",
		`"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"1"},{"HostPort":""}]}}`:        "ports={'80/tcp': [('127.0.0.1', 1), None]}",
		`"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":""}]}}`:                         "ports={'80/tcp': ('127.0.0.1',)}",
		`"HostConfig":{"NetworkMode":"none"}`:                                                                     "network_mode='none'", `"HostConfig":{"Memory":1024}`: "mem_limit=1024", `"HostConfig":{"Init":true}`: "init=True",
		`"HostConfig":{"RestartPolicy":{"Name":"always","MaximumRetryCount":0}}`: "restart_policy={'Name': 'always', 'MaximumRetryCount': 0}",
		`"HostConfig":{"Links":["a:b"]}`:                                         "links=[('a', 'b')]", `"hostname":"h"`: "hostname='h'",
	} {
		got := create(`{"Image":"busybox","AttachStdout":true,` + field + `}`)
		if text := "print(client.containers.create('busybox', name='web', " + want + ").id)"; flat(got.Text) != text || len(got.Notes) > 0 {
			t.Errorf("%s: got %s %q, want %s", field, got.Text, got.Notes, text)
		}
	}
	got := create(`{"Image":"busybox","Cmd":["sleep","9"],"Entrypoint":null,"HostConfig":{"NetworkMode":"default","RestartPolicy":{"Name":"no"},"MemorySwappiness":-1,
		"ConsoleSize":[24,80],"MaskedPaths":["/proc"]},"ExposedPorts":{"80/tcp":{}},"NetworkingConfig":{"EndpointsConfig":{"default":{"Links":null}}}}`)
	if want := "print(client.containers.create('busybox', ['sleep', '9'], name='web', detach=True).id)"; got.Text != want {
		t.Errorf("got %s, want %s", got.Text, want)
	}
	for _, want := range []string{"HostConfig.ConsoleSize=[24,80]", `HostConfig.MaskedPaths=["/proc"]`, "Port 80/tcp was exposed", "create_container_from_config"} {
		if !strings.Contains(strings.Join(got.Notes, "\n"), want) {
			t.Errorf("no %s in %q", want, got.Notes)
		}
	}
}

func TestPythonClient(t *testing.T) {
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, "client = docker.DockerClient(base_url='unix:///var/run/docker.sock', version='1.41')"},
		{Options{Daemon: "tcp://h:2375/base"}, "client = docker.DockerClient(base_url='tcp://h:2375', version='1.41')"},
		{Options{Daemon: "https://h:2376", TLS: true, CACert: "ca", Cert: "c", Key: "k"}, "client = docker.DockerClient(base_url='tcp://h:2376', version='1.41', tls=docker.tls.TLSConfig(client_cert=('c', 'k'), ca_cert='ca', verify=True))"},
		{Options{Daemon: "tcp://h:2376", TLS: true, Insecure: true}, "client = docker.DockerClient(base_url='tcp://h:2376', version='1.41', tls=docker.tls.TLSConfig(verify=False))"},
		{Options{Daemon: "npipe:////./pipe/docker_engine"}, "client = docker.DockerClient(base_url='npipe:////./pipe/docker_engine', version='1.41')"},
	} {
		if got := python(exchange("GET", "/v1.41/info", ""), c.o); !slices.Equal(got.Setup, []string{"import docker", c.want}) {
			t.Errorf("%+v: got %q", c.o, got.Setup)
		}
	}
	if got := python(exchange("GET", "/info", ""), Options{Daemon: "unix://@x"}); got.Text != "" || len(got.Notes) != 1 {
		t.Errorf("of an abstract socket: %+v", got)
	}
}

// hostile are values that documents and parameters may have.
var hostile = []string{`{}`, `[]`, `{"a":`, `{"Image":{"a":[1,{"b":null}]},"Cmd":"x","Env":{"a":1},"HostConfig":[1],"Labels":3}`, `{"Image":1e999,"HostConfig":{"Memory":` + strings.Repeat("9", 5000) + `}}`,
	`{"Image":"\ud800","Env":["\u202e","` + "\x7f" + `"],"Volumes":["a"],"HostConfig":{"PortBindings":[1,2],"Binds":{"a":1},"Links":["",":"]}}`,
	`{"x":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`, `{"IPAM":` + strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300) + `}`, "\x00", "\xff'\n", `{"EndpointConfig":3,"Container":[]}`, "null", `""`}

// TestPythonCompiles: whatever is asked for, and however, what is written is Python.
func TestPythonCompiles(t *testing.T) {
	python3 := need.Program(t, "python3")
	var script strings.Builder
	for _, op := range dockerapi.Operations() {
		for i, body := range hostile {
			target := strings.NewReplacer("{", "", "}", "%27%5C%0A").Replace("/v1.41" + op.Path)
			if i%2 == 1 {
				target += "?filters=" + "%7B%22a%22%3A%7B%22%27%22%3Atrue%7D%7D&t=%27&fromImage=%0a&buildargs=[1&limit=00&stream=0&follow=1&stdin=1&x=%FF'\\"
			}
			method := op.Method
			x := exchange(method, target, body, "X-Registry-Auth: "+body)
			x.Request.Call = wire.Call{Operation: op.Name, Subject: "it's \\\n\xff", Version: "1.41'"}
			call := python(x, Options{})
			if call.Text == "" && len(call.Notes) == 0 {
				t.Errorf("%s: nothing is said", op.Name)
			}
			if !isShown(call.Text, "\n") {
				t.Errorf("%s drives the terminal: %q", op.Name, call.Text)
			}
			script.WriteString(strings.Join(call.Setup, "\n") + "\n" + call.Text + "\n")
		}
	}
	cmd := exec.Command(python3, "-c", "import sys; compile(sys.stdin.buffer.read(), 'script', 'exec')")
	cmd.Stdin = strings.NewReader(script.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestCurlParses: whatever is asked for, and however, what is written is a command.
func TestCurlParses(t *testing.T) {
	bash := need.Program(t, "bash")
	var script strings.Builder
	for i, s := range append(slices.Clone(hostile), texts...) {
		x := exchange("POST", "/a?"+s, s, "X: "+s, "*Y: [masked 3 bytes]"+s)
		if i%2 == 0 {
			x.Request.Method = "A'" + s
		}
		call := curl(x, Options{Daemon: "unix:///a b'"})
		if !isShown(call.Text, "\n") {
			t.Errorf("%q drives the terminal: %q", s, call.Text)
		}
		script.WriteString(call.Text + "\n")
	}
	cmd := exec.Command(bash, "-n")
	cmd.Stdin = strings.NewReader(script.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestPythonYounger: arguments that docker-py 5 does not have are used, and told of.
func TestPythonYounger(t *testing.T) {
	got := python(exchange("POST", "/v1.41/containers/create?platform=linux/arm64", `{"Image":"a","AttachStdout":true,"HostConfig":{"CgroupnsMode":"private"}}`, jsonType), Options{})
	if want := "print(client.containers.create('a', platform='linux/arm64', cgroupns='private').id)"; got.Text != want {
		t.Errorf("got %s, want %s", got.Text, want)
	}
	if len(got.Notes) != 2 || !strings.Contains(got.Notes[0], "platform") || !strings.Contains(got.Notes[1], "cgroupns") {
		t.Errorf("notes %q", got.Notes)
	}
}

// TestNoCredentials: what clients send that have none is not told of, however it is written.
func TestNoCredentials(t *testing.T) {
	for value, there := range map[string]bool{"e30=": false, "e30": false, "{}": false, "": false, "bnVsbA==": true, "eyJ1c2VybmFtZSI6IiJ9": false, "eyJ1c2VybmFtZSI6Im1lIn0=": true, "[masked 3 bytes]": true} {
		for _, c := range []struct{ target, field string }{{"/v1.41/images/create?fromImage=a&tag=b", "X-Registry-Auth"}, {"/v1.41/build", "x-registry-config"}} {
			for _, form := range []string{"docker", "python", "go"} {
				got := Named(form).Of(exchange("POST", c.target, "", c.field+": "+value), Options{})
				all := got.Text + strings.Join(got.Notes, "\n")
				if says := strings.Contains(all, "redentials") || strings.Contains(all, "auth_config") || strings.Contains(all, "RegistryAuth"); says != there {
					t.Errorf("%s of %s with %q: %s", form, c.field, value, all)
				}
			}
		}
	}
}
