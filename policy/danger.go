package policy

import "slices"

// dangers are what operations are worth being told first of those that rules let in unasked:
// by the name of the operation, the worst first.
var dangers = []struct{ operation, says string }{
	{"ContainerCreate", "a container with any rights"},
	{"ContainerExec", "commands in containers"},
	{"ExecStart", "commands in containers"},
	{"PutContainerArchive", "files into containers"},
	{"ContainerArchive", "files out of containers"},
	{"ContainerCopy", "files out of containers"},
	{"ContainerExport", "whole file systems out"},
	{"ServiceCreate", "services with any mounts"},
	{"ServiceUpdate", "services with any mounts"},
	{"PluginPull", "plugins have the host's rights"},
	{"PluginCreate", "plugins have the host's rights"},
	{"PluginEnable", "plugins have the host's rights"},
	{"PluginUpgrade", "plugins have the host's rights"},
	{"PluginSet", "plugins have the host's rights"},
	{"PluginDisable", "plugins that watch taken off"},
	{"PluginDelete", "plugins that watch taken off"},
	{"PlayKube", "pods with any rights"},
	{"KubeApply", "pods with any rights"},
	{"SwarmUnlockkey", "the key of the swarm"},
	{"SwarmInspect", "tokens to join"},
	{"SwarmInit", "makes a swarm"},
	{"SwarmJoin", "joins another's swarm"},
	{"SwarmLeave", "ends the swarm"},
	{"SwarmUpdate", "changes the swarm"},
	{"SecretCreate", "secrets"},
	{"SecretUpdate", "secrets"},
	{"SecretDelete", "secrets"},
	{"SecretList", "secrets"},
	{"SecretInspect", "secrets"},
	{"ConfigInspect", "configs, with what is in them"},
	{"ConfigList", "configs, with what is in them"},
	{"ContainerAttach", "input and output of containers"},
	{"ContainerAttachWebsocket", "input and output of containers"},
	{"ContainerLogs", "output of containers"},
	{"ServiceLogs", "output of services"},
	{"TaskLogs", "output of tasks"},
	{"ContainerInspect", "variables, with passwords in them"},
	{"ContainerUpdate", "limits"},
	{"VolumeCreate", "may mount folders of the host"},
	{"ImageBuild", "commands in builds"},
	{"Session", "builds"},
	{"GRPC", "builds"},
	{"ImageLoad", "images from outside"},
	{"ImageCreate", "images from outside"},
	{"ImagePush", "images out"},
	{"ImageGet", "images out"},
	{"ImageGetAll", "images out"},
	{"ImageCommit", "images of containers"},
	{"ContainerKill", "ends containers"},
	{"ContainerStop", "ends containers"},
	{"ContainerDelete", "removes containers"},
	{"ContainerPrune", "removes containers"},
	{"VolumeDelete", "removes data"},
	{"VolumePrune", "removes data"},
	{"ImageDelete", "removes images"},
	{"ImagePrune", "removes images"},
	{"NetworkDelete", "removes networks"},
	{"NodeUpdate", "changes nodes"},
	{"NodeDelete", "removes nodes"},
	{"CheckpointCreate", "memory of containers to disk"},
	{"DebugPprofProfile", "inside of the daemon"},
}

// creates reports whether an operation makes something that has what rights it asks for.
func (o *operation) creates() bool {
	switch o.Kin() {
	case "ContainerCreate", "ServiceCreate", "PlayKube":
		return true
	}
	return false
}

// rank returns the place of an operation among the dangers; their number if it is none.
func (o *operation) rank() int {
	kin := o.Kin()
	for i := range dangers {
		if dangers[i].operation == kin {
			return i
		}
	}
	return len(dangers)
}

// danger returns what is dangerous of an operation; empty if nothing stands out.
func (o *operation) danger() string {
	if i := o.rank(); i < len(dangers) {
		return dangers[i].says
	}
	return ""
}

// byDanger sorts operations, the most dangerous first, each name once.
func byDanger(ops []*operation) []*operation {
	ops = slices.Clone(ops)
	slices.SortStableFunc(ops, func(a, b *operation) int { return a.rank() - b.rank() })
	seen := make(map[string]bool, len(ops))
	return slices.DeleteFunc(ops, func(o *operation) bool {
		again := seen[o.Name]
		seen[o.Name] = true
		return again
	})
}
