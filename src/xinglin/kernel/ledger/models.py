"""The ledger's tables: intake, sealed facts, annexes, tiles of the tree, checkpoints."""

from django.db import models


class UnsealedFact(models.Model):
    """A fact committed by its act and waiting, less than a second, for the sealer."""

    content = models.TextField()


class SealedFact(models.Model):
    """A fact with its place in the chain; `content` is the truth, the other columns serve queries."""

    position = models.BigIntegerField(primary_key=True)
    key = models.UUIDField(unique=True)
    act = models.UUIDField(db_index=True)
    type = models.CharField(max_length=80)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    cause = models.UUIDField(null=True)
    corrects = models.UUIDField(null=True)
    body = models.JSONField()
    content = models.TextField()
    link = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["type", "happened_on", "position"], name="fact_type_on"),
            models.Index(fields=["corrects"], name="fact_corrects", condition=models.Q(corrects__isnull=False)),
        ]


class Mention(models.Model):
    """Which refs a sealed fact names: the index behind every timeline."""

    ref = models.CharField(max_length=120)
    position = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["ref", "position"], name="mention_ref")]


class Annex(models.Model):
    """Personal words of one fact; deleting the row keeps the proof and forgets the words."""

    key = models.UUIDField(primary_key=True)
    salt = models.CharField(max_length=32)
    text = models.TextField()

    PERSONAL = ("text",)


class Head(models.Model):
    """The one row that the sealer locks: how far the chain reaches."""

    size = models.BigIntegerField(default=0)
    link = models.BinaryField(max_length=32, default=bytes(32))
    algorithm = models.CharField(max_length=10, default="sha256")
    origin = models.CharField(max_length=200)


class Tile(models.Model):
    """Up to 256 consecutive node hashes of the tree, at height 8 × level."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="one_tile")]


class Checkpoint(models.Model):
    """A signed statement of the ledger's size and root at one moment."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)
    note = models.TextField()
    key = models.BinaryField(max_length=32)  # the public key of the signature: keys change, old checkpoints hold
    made_at = models.DateTimeField()
