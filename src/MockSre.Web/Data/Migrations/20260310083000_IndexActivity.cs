using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MockSre.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class IndexActivity : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_profile_activity_user_key_occurred_at",
                table: "profile_activity",
                columns: new[] { "user_key", "occurred_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_profile_activity_user_key_occurred_at",
                table: "profile_activity");
        }
    }
}
