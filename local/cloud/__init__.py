"""The local cloud: MiniStack in one process, with what it lacks of AWS filled in from outside.

Start it with `python -m local.cloud`. Each module beside this one fills one gap and says which AWS behaviour it stands
in for. All of them change MiniStack only through `local.cloud.patch`, which refuses to start on another version.
"""
