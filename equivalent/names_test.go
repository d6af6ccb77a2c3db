package equivalent

import (
	"fmt"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// made is exchange, answered with a document: something was made.
func made(method, target, body, answer string) *wire.Exchange {
	x := exchange(method, target, body, jsonType)
	x.Response = &wire.Response{Status: 201}
	x.ResponseBody = &wire.Body{Complete: true, Content: wire.KindJSON, Data: []byte(answer), Bytes: int64(len(answer))}
	return x
}

// TestNames: what a call has made has a variable in those behind it.
func TestNames(t *testing.T) {
	id, other := strings.Repeat("0a1b", 16), strings.Repeat("9f", 32)
	create := func() *wire.Exchange {
		return made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `{"Id":"`+id+`","Warnings":[]}`)
	}
	names := map[string]*Names{"curl": {}, "docker": {}, "python": {}, "go": {}}
	for _, c := range []struct {
		x                            *wire.Exchange
		curl, docker, python, golang string
	}{
		{create(), `container1=$(curl -sS --unix-socket /var/run/docker.sock -X POST`, `container1=$(docker create i)`, "container1 = client.containers.create('i', detach=True)\nprint(container1.id)", "container1 := made(cli.ContainerCreate("},
		{exchange("POST", "/v1.41/containers/"+id+"/start", ""), `"http://localhost/v1.41/containers/$container1/start"`, `docker start "$container1"`, "container1.start()", "cli.ContainerStart(ctx, container1, "},
		{exchange("GET", "/v1.41/containers/"+id[:12]+"/json", ""), `"http://localhost/v1.41/containers/$container1/json"`, `docker container inspect "$container1"`, "client.containers.get(container1.id).attrs", "cli.ContainerInspect(ctx, container1)"},
		{exchange("GET", "/v1.41/containers/"+other+"/json", ""), `/v1.41/containers/` + other + `/json'`, `inspect ` + other, "get('" + other + "')", `"` + other + `"`},
		{exchange("GET", "/v1.41/containers/"+id[:11]+"/json", ""), id[:11] + `/json'`, `inspect ` + id[:11], "get('" + id[:11] + "')", `"` + id[:11] + `"`},
		{exchange("GET", "/v1.41/containers/json?filters=%7B%22id%22%3A%5B%22"+id+"%22%5D%7D", ""), `%22$container1%22`, `-f "id=$container1"`, `{'id': [container1.id]}`, `filters.Arg("id", container1)`},
		{exchange("GET", "/v1.41/containers/"+id+"/archive?path=/etc", ""), `$container1/archive`, `docker cp "${container1}:/etc" -`, `container1.get_archive('/etc')`, `cli.CopyFromContainer(ctx, container1, "/etc")`},
		{made("POST", "/v1.41/containers/"+id+"/exec", `{"Cmd":["a"]}`, `{"Id":"`+other+`"}`), `exec1=$(`, `docker exec -d "$container1" a`, "exec1 = client.api.exec_create(container1.id", "exec1 := made(cli.ContainerExecCreate(ctx, container1,"},
		{exchange("GET", "/v1.41/exec/"+other+"/json", ""), `exec/$exec1/json"`, "", "client.api.exec_inspect(exec1['Id'])", "ContainerExecInspect(ctx, exec1)"},
		{made("POST", "/v1.41/networks/create", `{"Name":"n"}`, `{"Id":"`+strings.Repeat("ab", 32)+`"}`), `network1=$(`, `network1=$(docker network create n)`, "network1 = client.networks.create('n')", `network1 := made(cli.NetworkCreate(ctx, "n"`},
		{exchange("POST", "/v1.41/networks/"+strings.Repeat("ab", 32)+"/connect", `{"Container":"`+id+`"}`, jsonType), `{"Container":"'"$container1"'"}`, `docker network connect "$network1" "$container1"`, "network1.connect(container1.id)", "cli.NetworkConnect(ctx, network1, container1, nil)"},
		{made("POST", "/v1.41/volumes/create", `{}`, `{"Name":"`+strings.Repeat("cd", 32)+`"}`), `volume1=$(`, `volume1=$(docker volume create)`, "volume1 = client.volumes.create()", "volume1 := made(cli.VolumeCreate("},
		{made("POST", "/v1.41/volumes/create", `{"Name":"data01234567"}`, `{"Name":"data01234567"}`), `curl --unix`, `docker volume create data01234567`, "print(client.volumes.create(", "show(cli.VolumeCreate("},
		{create(), `container2=$(`, `container2=$(`, `container2 = `, `container2 := `},
		{exchange("DELETE", "/v1.41/containers/"+id, ""), `$container2"`, `rm "$container2"`, `container2.remove()`, `ContainerRemove(ctx, container2,`},
	} {
		for name, want := range map[string]string{"curl": c.curl, "docker": c.docker, "python": c.python, "go": c.golang} {
			if got := Named(name).Of(c.x, Options{Names: names[name]}); !strings.Contains(got.Text, want) || want == "" && got.Text != "" {
				t.Errorf("%s of %s:\n%s\nwant %s", name, c.x.Request.Target, got.Text, want)
			}
		}
	}
}

// TestNamesNone: what was not made, or has no id that is one, has no name.
func TestNamesNone(t *testing.T) {
	id := strings.Repeat("0a1b", 16)
	failed := made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `{"Id":"`+id+`"}`)
	failed.Response.Status = 409
	for _, x := range []*wire.Exchange{
		failed,
		made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `{"Id":"$(rm -rf /)"}`),
		made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `{"Id":"abc"}`),
		made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `{"Id":"`+strings.Repeat("a", 200)+`"}`),
		made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `{"Id":7}`),
		made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `soup`),
		exchange("POST", "/v1.41/containers/create", `{"Image":"i"}`, jsonType),
	} {
		for i := range Forms {
			if got := Forms[i].Of(x, Options{Names: new(Names)}); strings.Contains(got.Text, "container1") {
				t.Errorf("%s: %s", Forms[i].Name, got.Text)
			}
		}
	}
}

// TestNamesBounded: the oldest are forgotten.
func TestNamesBounded(t *testing.T) {
	var n Names
	for i := range 3 * maxThings {
		x := made("POST", "/v1.41/containers/create", `{"Image":"i"}`, fmt.Sprintf(`{"Id":"%012x"}`, i))
		curl(x, Options{Names: &n})
	}
	if len(n.things) != maxThings || len(n.oldest) != maxThings || n.get(fmt.Sprintf("%012x", 2*maxThings-1)) != nil || n.get(fmt.Sprintf("%012x", 2*maxThings)) == nil {
		t.Errorf("%d things, %d in order", len(n.things), len(n.oldest))
	}
}

// TestDockerRunCommands: docker start -a attaches before it starts, as docker run does, and goes
// on beside what was asked for then.
func TestDockerRunCommands(t *testing.T) {
	id := strings.Repeat("0a1b", 16)
	create := made("POST", "/v1.41/containers/create", `{"Image":"i"}`, `{"Id":"`+id+`"}`)
	attach := exchange("POST", "/v1.41/containers/"+id+"/attach?stream=1&stdin=1&stdout=1", "")
	attach.Upgrade = &wire.Upgrade{}
	refused := exchange("POST", "/v1.41/containers/"+id+"/attach?stream=1&stdout=1", "")
	refused.Response = &wire.Response{Status: 409}
	removed := exchange("POST", "/v1.41/containers/"+id+"/wait?condition=removed", "")
	wait := exchange("POST", "/v1.41/containers/"+id+"/wait", "")
	start := exchange("POST", "/v1.41/containers/"+id[:12]+"/start", "")
	kill := exchange("POST", "/v1.41/containers/"+id+"/kill", "")
	type step struct {
		x      *wire.Exchange
		during []*wire.Exchange
	}
	for _, c := range []struct {
		steps []step
		want  []string
	}{
		{[]step{{create, nil}, {attach, []*wire.Exchange{removed, start}}, {removed, []*wire.Exchange{start}}, {start, nil}, {start, nil}},
			[]string{"container1=$(docker create i)", "", "", `docker start -a -i "$container1"`, `docker start "$container1"`}},
		{[]step{{attach, []*wire.Exchange{removed, start, kill}}, {removed, []*wire.Exchange{start, kill}}, {start, nil}, {kill, nil}},
			[]string{"", "", "docker start -a -i " + id[:12] + " &", "docker kill " + id}},
		{[]step{{refused, []*wire.Exchange{start}}, {wait, []*wire.Exchange{start}}, {start, nil}},
			[]string{"docker attach --no-stdin " + id, "docker wait " + id, "docker start " + id[:12]}},
		{[]step{{attach, []*wire.Exchange{kill}}, {removed, nil}}, []string{"docker attach " + id, "docker wait " + id}},
	} {
		var n Names
		var all []string
		for _, s := range c.steps {
			call := docker(s.x, Options{Names: &n, During: func(yield func(*wire.Request) bool) {
				for _, x := range s.during {
					if !yield(x.Request) {
						return
					}
				}
			}})
			if call.Aside {
				call.Text += " &"
			}
			all = append(all, call.Text)
		}
		if fmt.Sprintf("%q", all) != fmt.Sprintf("%q", c.want) {
			t.Errorf("got  %q\nwant %q", all, c.want)
		}
	}
}
