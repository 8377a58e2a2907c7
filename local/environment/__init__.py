"""The platform on this machine: the local cloud and the GraphQL gateway as background processes, everything deployed.

`up` starts and deploys, `down` stops, `status` looks, and `running` finds it for whoever wants to use it.
"""
