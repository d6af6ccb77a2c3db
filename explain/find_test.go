package explain

import (
	"slices"
	"strings"
	"testing"
)

// found returns the names of what words find, with why.
func found(words string) string {
	var all []string
	for _, f := range Find(strings.Fields(words)...) {
		name := f.Name
		if f.Why != "" {
			name += " [" + f.Why + "]"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

// TestFind: what words are about, each kind.
func TestFind(t *testing.T) {
	for words, want := range map[string]string{
		// names
		"ContainerCreate":                 "ContainerCreate",
		"containercreate":                 "ContainerCreate",
		"'ContainerCreate'":               "ContainerCreate",
		"container create":                "ContainerCreate",
		"container-create":                "ContainerCreate",
		"container_create":                "ContainerCreate",
		"control/solve":                   "Control/Solve",
		"/moby.buildkit.v1.Control/Solve": "Control/Solve",
		"moby.buildkit.v1.Control/Solve":  "Control/Solve",
		"ContainerArchiveHead":            "ContainerArchiveInfo", // as API 1.25 to 1.27 call it
		"containerputarchive":             "PutContainerArchive",

		// requests
		"POST /containers/create":                                          "ContainerCreate",
		"post /v1.41/containers/create?name=x":                             "ContainerCreate",
		"'POST /v1.41/containers/abc/exec'":                                "ContainerExec",
		"POST /v1.41/containers/abc/exec HTTP/1.1":                         "ContainerExec",
		"GET /v1.41/containers/abc/json":                                   "ContainerInspect",
		"GET /v4.0.0/libpod/containers/json?all=true":                      "ContainerListLibpod",
		"GET /containers/(id)/json":                                        "ContainerInspect",
		"/v1.41/containers/abc/json":                                       "ContainerInspect",
		"/containers/json?all=1":                                           "ContainerList",
		"containers/json":                                                  "ContainerList",
		"/containers/json/":                                                "ContainerList",
		"/containers/abc/archive?path=/etc":                                "ContainerArchiveInfo ContainerArchive PutContainerArchive",
		"http+unix://%2Fvar%2Frun%2Fdocker.sock/v1.41/containers/abc/json": "ContainerInspect",
		"http+unix:///var/run/docker.sock/v1.41/exec/abc/start":            "ExecStart",
		"http://localhost/v1.41/containers/json":                           "ContainerList",
		"http://localhost:2375/containers/json?all=1#x":                    "ContainerList",
		"GET http://localhost/v1.41/containers/json":                       "ContainerList",
		"localhost:2375/v1.41/info":                                        "SystemInfo",
		"http://localhost/moby.buildkit.v1.Control/Solve":                  "Control/Solve",
		"POST /moby.buildkit.v1.Control/Solve":                             "Control/Solve",
		"GET /nothing":                                                     "",
		"GET /containers/abc/wait":                                         "",

		// commands, functions of docker-py
		"docker commit":                       "ImageCommit",
		"docker cp":                           "ContainerArchiveInfo ContainerArchive PutContainerArchive",
		"'docker cp abc:/etc/passwd .'":       "ContainerArchiveInfo ContainerArchive PutContainerArchive",
		"docker container commit x y":         "ImageCommit",
		"docker volume list":                  "VolumeList",
		"docker zzz":                          "",
		"containers.prune":                    "ContainerPrune",
		"client.containers.prune(filters={})": "ContainerPrune",
		"client.info()":                       "SystemInfo",

		// fields, parameters
		"CapAdd":           "ContainerCreate [field HostConfig.CapAdd] ContainerInspect [field HostConfig.CapAdd of the answer]",
		"HostConfig.Binds": "ContainerCreate [field HostConfig.Binds] ContainerInspect [field HostConfig.Binds of the answer]",
		".HostConfig.Mounts[].BindOptions.Propagation": "ContainerCreate [field HostConfig.Mounts.BindOptions.Propagation] " +
			"ContainerInspect [field HostConfig.Mounts.BindOptions.Propagation of the answer]",
		"NetworkSettings.Networks.IPAddress": "ContainerList [field NetworkSettings.Networks.*.IPAddress of the answer] ContainerInspect [field NetworkSettings.Networks.*.IPAddress of the answer]",
		"HairpinMode":                        "ContainerInspect [field NetworkSettings.HairpinMode of the answer, up to API 1.51]",
		"copyuidgid":                         "PutContainerArchive [parameter copyUIDGID]",
		"cap-add":                            "ContainerCreate [field HostConfig.CapAdd] ContainerInspect [field HostConfig.CapAdd of the answer]",
		"keep_storage":                       "BuildPrune [parameter keep-storage]",
		"OOMKilled":                          "ContainerInspect [field State.OOMKilled of the answer]",
		"StatusCode":                         "ContainerWait [field StatusCode of the answer]",
		"Umask":                              "ContainerCreate [field HostConfig.Umask] ContainerInspect [field HostConfig.Umask of the answer]",
		"1.56":                               "ContainerCreate [field HostConfig.Umask since API 1.56]",
		"docker-py.nosuch":                   "",

		// errors
		"docker.errors.BuildError": "ImageBuild [200 raises docker.errors.BuildError]",
		"ContainerError":           "ContainerWait [200 raises docker.errors.ContainerError]",

		// patterns
		"con*prune":             "ContainerPrune Control/Prune",
		"control/l*":            "Control/ListWorkers Control/ListenBuildHistory",
		"ContainerPaus?":        "ContainerPause",
		"/networks/{id}/*":      "NetworkConnect NetworkDisconnect",
		"*zzz*":                 "",
		"Con*Attach* websocket": "",

		// questions
		"removes containers?":         found("removes containers"),
		"who removes containers?":     found("removes containers"),
		"Which lists the plugins?":    found("lists plugins"),
		"what is OOMKilled?":          found("OOMKilled"),
		"what does docker commit do?": "ImageCommit",
		"docker commit?":              "ImageCommit",
		"containers.prune?":           "ContainerPrune",
		"ContainerCreate?":            "ContainerCreate",
		"/containers/json?":           "ContainerList",
		"swarm unlock ?":              found("swarm unlock"),
		"who zzz?":                    "",
		"who removes containers":      found("removes containers"),
		"??":                          "",
		"con* *prune":                 "ContainerPrune ContainerPruneLibpod Control/Prune",
		"containers.*":                "", // no name, and no path

		// words
		"unlock key": "SwarmUnlockkey [swarm.get_unlock_key of docker-py]",
		"zzz":        "",
		"/":          "",
	} {
		got := found(words)
		if got != want {
			t.Errorf("%s: got %q, want %q", words, got, want)
		}
	}
	if got := Find("docker", "run", "--rm", "busybox"); !slices.ContainsFunc(got, func(f Found) bool { return f.Name == "ContainerAttach" }) || len(got) > 12 {
		t.Errorf("docker run: %d", len(got))
	}
	for _, words := range []string{"removes containers", "lists plugins", "OOMKilled", "swarm unlock"} {
		if found(words) == "" {
			t.Errorf("%s: nothing", words)
		}
	}
	if got := Find(); len(got) != len(All()) {
		t.Errorf("no words: %d of %d", len(got), len(All()))
	}
}

// TestFindFirst: of many, what people look for most is first.
func TestFindFirst(t *testing.T) {
	for words, want := range map[string]string{
		"NetworkMode":   "ContainerCreate [field HostConfig.NetworkMode]",
		"IPAddress":     "ContainerCreate [field NetworkingConfig.EndpointsConfig.*.IPAddress]",
		"Memory":        "ContainerCreate [field HostConfig.Memory]",
		"condition":     "ContainerWait [parameter condition]",
		"filters":       "ContainerList [parameter filters]",
		"ImageNotFound": "ContainerCreate [404 raises docker.errors.ImageNotFound]",
		"404":           "ContainerCreate [404: The image is not there]",
		"Container*":    "ContainerList",
		"network_mode":  "ContainerCreate [field HostConfig.NetworkMode]",
		"attach":        "ContainerAttach",
		"Solve":         "Control/Solve",
		"GET":           "ContainerList",
		"container":     "ContainerList",
		"podman":        "ContainerListLibpod [asked by podman ps]",
		"Swappiness":    "ContainerCreate [field HostConfig.MemorySwappiness]",
		"ContainerAtt":  "ContainerAttach",
		"volumes":       "ContainerCreate [field Volumes]",
		"removed":       "ContainerCopy",
		"deprecated":    "Session",
	} {
		list := Find(strings.Fields(words)...)
		if len(list) == 0 {
			t.Errorf("%s: nothing", words)
			continue
		}
		got := list[0].Name
		if list[0].Why != "" {
			got += " [" + list[0].Why + "]"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", words, got, want)
		}
	}
}

// TestFindWhole: what is within words is not found.
func TestFindWhole(t *testing.T) {
	for _, f := range Find("GET") {
		if f.Requests[0].Method != "GET" {
			t.Errorf("GET finds %s", f.Name)
		}
	}
	for _, f := range Find("Solve") {
		if !strings.HasSuffix(f.Name, "/Solve") && !within(f.Short, "solve", true, false) {
			t.Errorf("Solve finds %s %s", f.Name, f.Why)
		}
	}
	for _, words := range []string{"mageList", "etworkMode", "ontainer", "mag", "na"} {
		if got := found(words); got != "" {
			t.Errorf("%s finds %s", words, got)
		}
	}
}

// TestFits: patterns fit as they do in a shell, but for slashes.
func TestFits(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"*", "", true}, {"**", "a", true}, {"a*", "abc", true}, {"*c", "abc", true}, {"a*c", "abbc", true}, {"a?c", "abc", true}, {"*b*", "abc", true},
		{"", "a", false}, {"a", "", false}, {"a?", "a", false}, {"a*d", "abc", false}, {"*ab", "aab", true}, {"*ab*b", "aab", false}, {"a/*", "a/b/c", true},
	} {
		if got := fits(c.pattern, c.text); got != c.want {
			t.Errorf("%q, %q: %t", c.pattern, c.text, got)
		}
	}
}

// TestFindBlanks: blanks of all kinds, and quotes, around words are no words.
func TestFindBlanks(t *testing.T) {
	for _, blank := range []string{" ", "\t", "\v", "\f", "\u00a0", "\u0085", "\u3000", "'", "\"", "` ", "\v'\u00a0"} {
		if got := Find(blank); len(got) != len(All()) {
			t.Errorf("%q: %d of %d", blank, len(got), len(All()))
		}
		for _, words := range []string{"docker commit", "ContainerCreate", "con*prune", "/containers/json", "client.info()"} {
			if got, want := Find(blank+words+blank), Find(words); len(got) == 0 || !slices.Equal(got, want) {
				t.Errorf("%q around %s: %v, want %v", blank, words, got, want)
			}
		}
		if got := Find("??" + blank + "??"); len(got) != 0 {
			t.Errorf("question marks around %q: %v", blank, got)
		}
	}
}
