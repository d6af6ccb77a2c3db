package risk

// Grave reports whether who has what the mark says may well own the host by that alone.
func Grave(mark string) bool {
	switch mark {
	case Privileged, HostPID, BindRoot, BindSocket, BindSensitive, VolumeBind, CapAdd, Device, Plugin:
		return true
	}
	return false
}
