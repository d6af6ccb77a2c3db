package dockerapi

// Gone are fields that answers to an operation do not have any more.
type Gone struct {
	Until  Version  `json:"until"` // the last version that has them
	Fields []string `json:"fields"`
}

// gone are those of the operations, the oldest first. They are from the list of changes of
// the API, and from what its descriptions do not describe any more. Fields that are left
// out only where they are empty are not here.
var gone = map[string][]Gone{
	"ContainerInspect": {
		{Version{1, 51}, []string{
			"NetworkSettings.IPAddress", "NetworkSettings.Gateway", "NetworkSettings.MacAddress", "NetworkSettings.IPPrefixLen", "NetworkSettings.EndpointID",
			"NetworkSettings.GlobalIPv6Address", "NetworkSettings.GlobalIPv6PrefixLen", "NetworkSettings.IPv6Gateway", "NetworkSettings.Bridge", "NetworkSettings.HairpinMode",
			"NetworkSettings.LinkLocalIPv6Address", "NetworkSettings.LinkLocalIPv6PrefixLen", "NetworkSettings.SecondaryIPAddresses", "NetworkSettings.SecondaryIPv6Addresses",
		}},
	},
	"ImageInspect": {
		{Version{1, 43}, []string{"VirtualSize"}},
		{Version{1, 44}, []string{"Container", "ContainerConfig"}},
		{Version{1, 49}, []string{
			"Config.Hostname", "Config.Domainname", "Config.AttachStdin", "Config.AttachStdout", "Config.AttachStderr", "Config.Tty", "Config.OpenStdin", "Config.StdinOnce", "Config.Image",
		}},
	},
	"ImageList": {{Version{1, 43}, []string{"VirtualSize"}}},
	"SystemDataUsage": {
		{Version{1, 41}, []string{"BuilderSize"}},
		{Version{1, 52}, []string{"LayersSize", "Images", "Containers", "Volumes", "BuildCache"}},
	},
	"SystemEvents": {{Version{1, 51}, []string{"status", "id", "from"}}},
	"SystemInfo": {
		{Version{1, 48}, []string{
			"RegistryConfig.AllowNondistributableArtifactsCIDRs", "RegistryConfig.AllowNondistributableArtifactsHostnames", "ContainerdCommit.Expected", "RuncCommit.Expected", "InitCommit.Expected",
		}},
		{Version{1, 49}, []string{"BridgeNfIptables", "BridgeNfIp6tables"}},
		{Version{1, 51}, []string{"KernelMemoryTCP"}},
	},
}

// Gone returns what answers to o do not have any more, the oldest first. Nobody changes it.
func (o *Operation) Gone() []Gone {
	if o == nil {
		return nil
	}
	return gone[o.Name]
}
